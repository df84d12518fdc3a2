package dev.kandjistream.posture.http;

import java.util.Optional;

/** Whose token is whose. */
public interface Tokens {

    /**
     * @param token as it was presented, trusted by nobody yet
     * @return empty where nobody has this token
     */
    Optional<Client> clientOf(String token);
}
