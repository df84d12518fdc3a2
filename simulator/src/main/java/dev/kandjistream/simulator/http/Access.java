package dev.kandjistream.simulator.http;

import java.util.EnumSet;
import java.util.Set;

/** The tenant's one token and what it permits; both can change while the API is served. */
public final class Access {
    private String token;
    private Set<Endpoint> permitted = EnumSet.allOf(Endpoint.class);

    Access(String token) {
        this.token = token;
    }

    /** The old token is refused from now on. */
    public synchronized void replaceToken(String newToken) {
        token = newToken;
    }

    /** Every token is refused until {@link #replaceToken}. */
    public synchronized void revokeToken() {
        token = null;
    }

    /** Only these endpoints from now on. */
    public synchronized void permit(Set<Endpoint> endpoints) {
        permitted = Set.copyOf(endpoints);
    }

    /** Every endpoint the simulator serves. */
    public synchronized void permitAll() {
        permitted = EnumSet.allOf(Endpoint.class);
    }

    /** Null while revoked. */
    public synchronized String token() {
        return token;
    }

    synchronized boolean knows(String authorization) {
        return token != null && ("Bearer " + token).equals(authorization);
    }

    synchronized boolean permits(Endpoint endpoint) {
        return endpoint.served() && permitted.contains(endpoint);
    }
}
