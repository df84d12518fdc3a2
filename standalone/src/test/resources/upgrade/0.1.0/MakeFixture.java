import dev.kandjistream.enricher.domain.Rules;
import dev.kandjistream.kandji.ApiUrl;
import dev.kandjistream.poller.AccountConfig;
import dev.kandjistream.poller.GroupSettings;
import dev.kandjistream.poller.Kind;
import dev.kandjistream.poller.PollSettings;
import dev.kandjistream.poller.SweepListener;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.simulator.KandjiSimulator;
import dev.kandjistream.standalone.config.Configuration;
import dev.kandjistream.standalone.config.EmbeddedSettings;
import dev.kandjistream.standalone.config.EnricherSettings;
import dev.kandjistream.standalone.config.LogSettings;
import dev.kandjistream.standalone.config.OpsSettings;
import dev.kandjistream.standalone.config.SinkSettings;
import dev.kandjistream.standalone.e2e.FixtureFleet;
import dev.kandjistream.standalone.ops.Health;
import dev.kandjistream.standalone.run.DataDirectory;
import dev.kandjistream.standalone.run.Pipeline;
import dev.kandjistream.standalone.run.Steps;
import dev.kandjistream.standalone.run.StopSignal;
import dev.kandjistream.sweeps.SweepReceipt;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.kafka.common.config.types.Password;
import org.postgresql.PGConnection;

/** Makes the fixture. It is compiled against the classes of version 0.1.0: README.md beside it says how. */
final class MakeFixture {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final List<String> MIGRATIONS =
            List.of("V1__current_state", "V2__history", "V3__sweeps_and_offsets", "V4__views", "V5__decisions");
    /** As Flyway creates it. */
    private static final String FLYWAY_HISTORY = "CREATE TABLE kandji.flyway_schema_history (installed_rank integer PRIMARY KEY,"
            + " version varchar(50), description varchar(200) NOT NULL, type varchar(20) NOT NULL, script varchar(1000) NOT NULL,"
            + " checksum integer, installed_by varchar(100) NOT NULL, installed_on timestamp NOT NULL DEFAULT now(),"
            + " execution_time integer NOT NULL, success boolean NOT NULL);\n";

    private MakeFixture() {}

    /** @param arguments the file to write */
    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory("fixture");
        String tables = run(directory);
        pack(directory, tables, Path.of(arguments[0]));
        System.exit(0);
    }

    private static String run(Path directory) throws Exception {
        try (var simulator = KandjiSimulator.start(FixtureFleet.tenant());
                var data = DataDirectory.open(directory, DataDirectory.Use.UP);
                var pipeline = Pipeline.start(
                        configuration(directory, account(simulator)),
                        data,
                        new Health(),
                        new SimpleMeterRegistry(),
                        SweepListener.NONE,
                        Steps.SILENT)) {
            pipeline.awaitReady(LIMIT, StopSignal.none());
            var fleet = FixtureFleet.of(simulator);
            sweep(pipeline);
            for (int step = 1; step <= FixtureFleet.STEPS; step++) {
                fleet.step(step);
                sweep(pipeline);
            }
            pipeline.stop(Pipeline.Part.POLLER);
            pipeline.stop(Pipeline.Part.ENRICHER);
            pipeline.stop(Pipeline.Part.SINK);
            try (Connection database = pipeline.database()) {
                return dump(database);
            }
        }
    }

    private static AccountConfig account(KandjiSimulator simulator) {
        var onDemand = PollSettings.defaults()
                .withIntervals(Duration.ofDays(300), Duration.ofDays(300))
                .withQuota(1.0, 50, 10_000);
        return new AccountConfig(
                FixtureFleet.ACCOUNT,
                ApiUrl.parse(simulator.url(), false),
                () -> new Password(simulator.token()),
                onDemand);
    }

    private static Configuration configuration(Path directory, AccountConfig account) {
        return new Configuration(
                directory,
                new Topics("kandji"),
                (short) 1,
                List.of(account),
                List.of(),
                List.of(),
                Optional.empty(),
                GroupSettings.DEFAULT,
                new Rules(1, Set.of("helper", "updater"), Set.of("Mac", "iPhone", "iPad")),
                new EnricherSettings(Optional.empty(), 1, 0, Optional.empty()),
                new SinkSettings(2, 20_000),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                EmbeddedSettings.ANY_PORTS,
                new OpsSettings("127.0.0.1", OptionalInt.of(0)),
                new LogSettings("WARN", false));
    }

    private static void sweep(Pipeline pipeline) throws Exception {
        for (Kind kind : List.of(Kind.DEVICES, Kind.APPS)) {
            SweepReceipt receipt = pipeline.sweepNow(FixtureFleet.ACCOUNT, kind).get(3, TimeUnit.MINUTES);
            System.out.println(kind + " " + receipt.getVerdict() + ": " + receipt.getPublished() + " published, "
                    + receipt.getRetracted() + " retracted, " + receipt.getWithheld() + " withheld");
            if (!pipeline.awaitApplied(receipt, LIMIT, StopSignal.none())) {
                throw new IllegalStateException("Sweep " + receipt.getSweepId() + " is not in the tables");
            }
        }
    }

    /** The migrations, and what the tables hold, in the form of pg_dump. */
    private static String dump(Connection database) throws SQLException, IOException {
        var sql = new StringBuilder("CREATE SCHEMA kandji;\nSET search_path = kandji;\n");
        for (String migration : MIGRATIONS) {
            try (var in = MakeFixture.class.getResourceAsStream("/db/migration/" + migration + ".sql")) {
                sql.append(new String(in.readAllBytes(), StandardCharsets.UTF_8)).append('\n');
            }
        }
        sql.append(FLYWAY_HISTORY);
        try (Statement statement = database.createStatement()) {
            List<String> tables = texts(statement, "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid ="
                    + " c.relnamespace WHERE n.nspname = 'kandji' AND relkind = 'r' ORDER BY relname");
            for (String table : tables) {
                copy(database, table, sql);
            }
            for (String sequence :
                    texts(statement, "SELECT sequencename FROM pg_sequences WHERE schemaname = 'kandji'")) {
                String last = texts(statement, "SELECT last_value FROM kandji." + sequence).get(0);
                sql.append("SELECT setval('kandji." + sequence + "', " + last + ");\n");
            }
        }
        return sql.toString();
    }

    private static void copy(Connection database, String table, StringBuilder sql) throws SQLException, IOException {
        String columns;
        try (Statement statement = database.createStatement()) {
            columns = String.join(", ", texts(statement, "SELECT column_name FROM information_schema.columns WHERE"
                    + " table_schema = 'kandji' AND table_name = '" + table + "' ORDER BY ordinal_position"));
        }
        var rows = new ByteArrayOutputStream();
        database.unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("COPY kandji." + table + " (" + columns + ") TO STDOUT", rows);
        sql.append("COPY kandji." + table + " (" + columns + ") FROM stdin;\n")
                .append(rows.toString(StandardCharsets.UTF_8))
                .append("\\.\n");
    }

    private static List<String> texts(Statement statement, String query) throws SQLException {
        var texts = new ArrayList<String>();
        try (var rows = statement.executeQuery(query)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }

    /** Compressed around the archive, not inside it: a thousand small files have nearly the same names. */
    private static void pack(Path directory, String tables, Path file) throws IOException {
        try (var out = new ZipOutputStream(new GZIPOutputStream(Files.newOutputStream(file)))) {
            out.setLevel(Deflater.NO_COMPRESSION);
            out.putNextEntry(new ZipEntry("postgres.sql"));
            out.write(tables.getBytes(StandardCharsets.UTF_8));
            for (String part : List.of("kafka", "enricher")) {
                try (Stream<Path> files = Files.walk(directory.resolve(part))) {
                    for (Path one : files.filter(MakeFixture::isNeeded).sorted().toList()) {
                        out.putNextEntry(new ZipEntry(directory.relativize(one).toString()));
                        out.write(Files.readAllBytes(one));
                    }
                }
            }
        }
    }

    /** Without locks and logs of a run. */
    private static boolean isNeeded(Path file) {
        String name = file.getFileName().toString();
        return Files.isRegularFile(file)
                && !name.endsWith("lock")
                && !name.startsWith("LOG");
    }
}
