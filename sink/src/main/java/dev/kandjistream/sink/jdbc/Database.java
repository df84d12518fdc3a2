package dev.kandjistream.sink.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import dev.kandjistream.schemas.SerialNumbers;
import java.util.Collection;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.types.Password;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;

/** How the database is reached, and brought to this version's schema. */
public final class Database {
    private static final int CONNECT_SECONDS = 10;
    /** Longer than any statement of ours; a connection that is dead without a word must not hold the sink for ever. */
    private static final int SOCKET_SECONDS = 120;

    private Database() {}

    /** With {@link SerialNumbers#DEFAULT_PLACEHOLDERS}. */
    public static void migrate(String jdbcUrl, String user, Supplier<Password> password) {
        migrate(jdbcUrl, user, password, SerialNumbers.DEFAULT_PLACEHOLDERS);
    }

    /**
     * Creates or migrates schema {@code kandji}. Several sinks may call this at once: Flyway holds a lock in the database.
     *
     * @param serialPlaceholders texts that count as no serial number
     * @throws RuntimeException where the database cannot be reached or refuses
     */
    public static void migrate(
            String jdbcUrl, String user, Supplier<Password> password, Collection<String> serialPlaceholders) {
        PGSimpleDataSource plain = source(jdbcUrl);
        plain.setUser(user);
        plain.setPassword(password.get().value());
        Flyway.configure(Database.class.getClassLoader())
                .dataSource(plain)
                .locations("classpath:db/migration")
                .defaultSchema("kandji")
                .placeholders(Map.of("serialPlaceholders", literals(serialPlaceholders)))
                .load()
                .migrate();
    }

    /** The members of an SQL array, in a fixed order, so that an equal list gives the same migration. */
    private static String literals(Collection<String> texts) {
        return texts.stream()
                .sorted()
                .distinct()
                .map(text -> "'" + text.replace("\0", "").replace("'", "''") + "'")
                .collect(Collectors.joining(", "));
    }

    /**
     * A pool of few connections. It does not connect before the first use, and never gives up.
     *
     * @param password asked for each new connection, so that a changed one is picked up
     */
    public static HikariDataSource pool(String jdbcUrl, String user, Supplier<Password> password, int connections) {
        var config = new HikariConfig();
        config.setPoolName("kandji-sink");
        config.setDataSource(source(jdbcUrl));
        config.setCredentialsProvider(() -> Credentials.of(user, password.get().value()));
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(5_000);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    /** What the URL itself says about timeouts comes last and wins. */
    private static PGSimpleDataSource source(String jdbcUrl) {
        var source = new PGSimpleDataSource();
        source.setConnectTimeout(CONNECT_SECONDS);
        source.setSocketTimeout(SOCKET_SECONDS);
        source.setTcpKeepAlive(true);
        source.setApplicationName("kandji-stream sink");
        // The detail of a refusal is the refused row, with names and emails; messages reach logs and health answers.
        source.setLogServerErrorDetail(false);
        source.setURL(jdbcUrl);
        return source;
    }
}
