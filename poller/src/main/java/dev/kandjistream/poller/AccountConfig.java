package dev.kandjistream.poller;

import dev.kandjistream.kandji.ApiUrl;
import java.util.function.Supplier;
import org.apache.kafka.common.config.types.Password;

/**
 * One Kandji tenant to poll.
 *
 * @param id name of the account in keys, values and tables: {@code [a-z0-9-]+}. Never to be changed
 * @param token asked at every request, so that a renewed token is picked up; may throw, which fails this account only. Equal
 *     to another that looks in the same place: two accounts that are equal are polled alike
 */
public record AccountConfig(String id, ApiUrl apiUrl, Supplier<Password> token, PollSettings settings) {
    public AccountConfig {
        if (!id.matches("[a-z0-9-]+")) {
            throw new IllegalArgumentException("expected an account id of a-z, 0-9 and -, found \"" + id + "\"");
        }
    }
}
