package dev.kandjistream.standalone.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How the posture service runs.
 *
 * @param policy file of the rules
 * @param tokens file of who may ask
 * @param host address to listen on; the loopback address by default
 * @param port 0 takes a free one
 * @param tls empty: plain HTTP
 * @param requestsPerSecond decisions a second for each token
 * @param allowedAge how old an account's last complete sweep of devices may be
 * @param allowedAges the same for single accounts, by id
 * @param live empty: the accounts' APIs are never asked
 */
public record PostureSettings(
        Path policy,
        Path tokens,
        String host,
        int port,
        Optional<Tls> tls,
        int requestsPerSecond,
        Duration allowedAge,
        Map<String, Duration> allowedAges,
        Optional<Live> live) {
    public PostureSettings {
        allowedAges = Map.copyOf(allowedAges);
    }

    /** Files in PEM form: the certificate with those that vouch for it, and its private key. */
    public record Tls(Path certificate, Path key) {}

    /**
     * What may be spent on asking accounts about single devices.
     *
     * @param quotaShare of a tenant's hourly requests
     */
    public record Live(double quotaShare, int requestsPerSecond) {}

    /** How old an account's devices may be. */
    public Duration allowedAge(String accountId) {
        return allowedAges.getOrDefault(accountId, allowedAge);
    }
}
