package dev.kandjistream.posture.http;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where the API is, and how much of it one client gets.
 *
 * @param host address to listen on; {@code 0.0.0.0} for every interface
 * @param port 0 takes a free one
 * @param tls empty for plain HTTP
 * @param maxBodyBytes how long the body of a request may be
 * @param perSecond how many decisions, or looks at a device, one token gets in a second
 * @param burst how many it may save up for a moment of haste; at least {@code maxBatch}
 * @param maxBatch how many questions one request may hold
 * @param patience how long one request may wait for its decisions before it is given up: longer than any policy's deadline
 */
public record Settings(
        String host,
        int port,
        Optional<Tls> tls,
        int maxBodyBytes,
        int perSecond,
        int burst,
        int maxBatch,
        Duration patience) {

    /** On this machine only, unencrypted, port 8480. */
    public static final Settings DEFAULT =
            new Settings("127.0.0.1", 8480, Optional.empty(), 1 << 20, 2_000, 4_000, 1_000, Duration.ofSeconds(40));

    public Settings {
        if (burst < maxBatch || maxBatch < 1 || perSecond < 1 || maxBodyBytes < 1) {
            throw new IllegalArgumentException("expected positive limits and a burst of at least one batch, was burst "
                    + burst + ", batch " + maxBatch + ", per second " + perSecond + ", bytes " + maxBodyBytes);
        }
    }

    /**
     * PEM files.
     *
     * @param certificateChain the server's certificate first, then those that vouch for it
     * @param privateKey in PKCS#8, not encrypted
     */
    public record Tls(Path certificateChain, Path privateKey) {}

    public Settings withPort(int anotherPort) {
        return new Settings(host, anotherPort, tls, maxBodyBytes, perSecond, burst, maxBatch, patience);
    }

    public Settings withTls(Tls files) {
        return new Settings(host, port, Optional.of(files), maxBodyBytes, perSecond, burst, maxBatch, patience);
    }
}
