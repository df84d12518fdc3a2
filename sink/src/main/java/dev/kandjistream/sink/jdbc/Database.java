package dev.kandjistream.sink.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import dev.kandjistream.schemas.SerialNumbers;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.types.Password;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationState;
import org.postgresql.ds.PGSimpleDataSource;

/** How the database is reached, and brought to this version's schema. */
public final class Database {
    private static final int CONNECT_SECONDS = 10;
    /** Longer than any statement of ours; a connection that is dead without a word must not hold the sink for ever. */
    private static final int SOCKET_SECONDS = 120;

    private static final Set<MigrationState> NEWER =
            Set.of(MigrationState.FUTURE_SUCCESS, MigrationState.FUTURE_FAILED, MigrationState.MISSING_SUCCESS);

    private Database() {}

    /** With {@link SerialNumbers#DEFAULT_PLACEHOLDERS}. */
    public static void migrate(String jdbcUrl, String user, Supplier<Password> password) {
        migrate(jdbcUrl, user, password, SerialNumbers.DEFAULT_PLACEHOLDERS);
    }

    /**
     * Creates or migrates schema {@code kandji}. Several sinks may call this at once: Flyway holds a lock in the database.
     *
     * @param serialPlaceholders texts that count as no serial number
     * @throws NewerDatabaseException if a newer version of this program has changed the schema; nothing is changed then
     * @throws RuntimeException where the database cannot be reached or refuses
     */
    public static void migrate(
            String jdbcUrl, String user, Supplier<Password> password, Collection<String> serialPlaceholders) {
        PGSimpleDataSource plain = source(jdbcUrl);
        plain.setUser(user);
        plain.setPassword(password.get().value());
        Flyway flyway = Flyway.configure(Database.class.getClassLoader())
                .dataSource(plain)
                .locations("classpath:db/migration")
                .defaultSchema("kandji")
                .placeholders(Map.of("serialPlaceholders", literals(serialPlaceholders)))
                .load();
        requireNoneOfNewerVersion(flyway.info());
        flyway.migrate();
    }

    /** This version does not know what newer tables mean; its views would also replace newer ones. */
    private static void requireNoneOfNewerVersion(MigrationInfoService migrations) {
        String newer = Stream.of(migrations.all())
                .filter(migration -> NEWER.contains(migration.getState()))
                .map(Database::name)
                .collect(Collectors.joining(", "));
        if (!newer.isEmpty()) {
            throw new NewerDatabaseException("Schema kandji of the database has migrations that this version does not"
                    + " have: " + newer + ". A newer version of kandji-stream made them. Start that version again;"
                    + " docs/runbook.md says how to go back");
        }
    }

    /** Of a repeatable migration: without a version. */
    private static String name(MigrationInfo migration) {
        String description = "\"" + migration.getDescription() + "\"";
        return migration.getVersion() == null ? description : migration.getVersion() + " " + description;
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
