package dev.kandjistream.posture.live;

import dev.kandjistream.kandji.ApiUrl;
import java.util.function.Supplier;
import org.apache.kafka.common.config.types.Password;

/**
 * An account whose API may be asked.
 *
 * @param id as configured, and as the view knows it
 * @param token read at every request, so that a new one is picked up
 */
public record LiveAccount(String id, ApiUrl url, Supplier<Password> token) {}
