package dev.kandjistream.standalone.config;

import java.util.function.Supplier;
import org.apache.kafka.common.config.types.Password;

/**
 * A PostgreSQL database that is there already.
 *
 * @param url JDBC URL, {@code jdbc:postgresql://host:port/database}
 * @param password asked for at each new connection
 */
public record PostgresSettings(String url, String user, Supplier<Password> password) {}
