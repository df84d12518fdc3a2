package dev.kandjistream.posture;

import dev.kandjistream.posture.http.Settings;
import dev.kandjistream.schemas.SerialNumbers;
import dev.kandjistream.schemas.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * @param topics the catalogue, which holds the prefix
 * @param kafka client properties: {@code bootstrap.servers}, security, {@code schema.registry.url} and its companions
 * @param policy file of the rules
 * @param tokens file of who may ask
 * @param api where questions are taken, and how many
 * @param allowedAge how old an account's last complete sweep of devices may be, by account id; never null
 * @param serialNumbers knows the placeholders, which never find a device
 * @param live empty: no account's API is ever asked
 * @param replicationFactor of topics that are missing; -1: the broker's default
 */
public record PostureConfig(
        Topics topics,
        Map<String, Object> kafka,
        Path policy,
        Path tokens,
        Settings api,
        Function<String, Duration> allowedAge,
        SerialNumbers serialNumbers,
        Optional<LiveConfig> live,
        short replicationFactor) {
    public PostureConfig {
        if (!kafka.containsKey("bootstrap.servers")) {
            throw new IllegalArgumentException("kafka must hold bootstrap.servers, holds " + kafka.keySet());
        }
        if (replicationFactor < -1 || replicationFactor == 0) {
            throw new IllegalArgumentException("replicationFactor must be -1 or at least 1, was " + replicationFactor);
        }
        Objects.requireNonNull(topics);
        Objects.requireNonNull(policy);
        Objects.requireNonNull(tokens);
        Objects.requireNonNull(api);
        Objects.requireNonNull(allowedAge);
        Objects.requireNonNull(serialNumbers);
        kafka = Map.copyOf(kafka);
    }

    /** Client properties may hold secrets, so their names alone are printed. */
    @Override
    public String toString() {
        return "PostureConfig[prefix=" + topics.prefix() + ", kafka=" + kafka.keySet() + ", policy=" + policy
                + ", tokens="
                + tokens + ", api=" + api + ", live=" + live.map(LiveConfig::settings) + ", replicationFactor="
                + replicationFactor + "]";
    }
}
