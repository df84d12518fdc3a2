package dev.kandjistream.standalone.e2e;

import dev.kandjistream.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.postgresql.PGConnection;

/** What a former version left in its data directory: broker, stores of the enricher, and the database as SQL. */
final class Fixture {
    private static final String COPY_END = "\n\\.\n";

    private Fixture() {}

    /**
     * Makes the data directory as the former version left it, a moment ago.
     *
     * @param version such as {@code 0.1.0}
     */
    static void unpack(String version, Path directory) throws IOException, SQLException {
        String sql = null;
        try (var in = new ZipInputStream(
                new GZIPInputStream(Fixture.class.getResourceAsStream("/upgrade/" + version + "/data.zip.gz")))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (entry.getName().equals("postgres.sql")) {
                    sql = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                } else {
                    Path file = directory.resolve(entry.getName());
                    Files.createDirectories(file.getParent());
                    Files.copy(in, file);
                }
            }
        }
        try (var postgres = EmbeddedPostgres.start(directory.resolve("postgres"));
                var database = DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password())) {
            load(database, sql);
            // Otherwise the sink would see an absence that grows with the age of the fixture.
            try (Statement statement = database.createStatement()) {
                statement.execute("UPDATE kandji.sink_offsets SET caught_up_at = now()");
            }
        }
    }

    /** Statements, and rows behind {@code COPY ... FROM stdin;}. */
    private static void load(Connection database, String sql) throws SQLException, IOException {
        int at = 0;
        for (int copy = sql.indexOf("COPY kandji."); copy >= 0; copy = sql.indexOf("COPY kandji.", at)) {
            execute(database, sql.substring(at, copy));
            int rows = sql.indexOf('\n', copy) + 1;
            int end = sql.indexOf(COPY_END, rows - 1);
            database.unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(sql.substring(copy, rows - 2), new StringReader(sql.substring(rows, end + 1)));
            at = end + COPY_END.length();
        }
        execute(database, sql.substring(at));
    }

    private static void execute(Connection database, String sql) throws SQLException {
        if (!sql.isBlank()) {
            try (Statement statement = database.createStatement()) {
                statement.execute(sql);
            }
        }
    }
}
