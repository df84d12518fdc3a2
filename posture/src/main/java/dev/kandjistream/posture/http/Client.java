package dev.kandjistream.posture.http;

import java.util.Set;

/**
 * Who asks.
 *
 * @param name of the token, for records of decisions
 */
public record Client(String name, Set<Scope> scopes) {
    public Client {
        scopes = Set.copyOf(scopes);
    }
}
