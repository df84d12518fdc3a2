package dev.kandjistream.standalone.cli;

import dev.kandjistream.standalone.config.Configuration;
import dev.kandjistream.standalone.console.Summary;
import dev.kandjistream.standalone.console.SummaryQuery;
import dev.kandjistream.standalone.console.SummaryView;
import dev.kandjistream.standalone.console.SweepConsole;
import dev.kandjistream.standalone.console.Terminal;
import dev.kandjistream.standalone.console.Terminal.Style;
import dev.kandjistream.standalone.ops.Health;
import dev.kandjistream.standalone.ops.Metrics;
import dev.kandjistream.standalone.ops.OpsServer;
import dev.kandjistream.standalone.run.DataDirectory;
import dev.kandjistream.standalone.run.Ops;
import dev.kandjistream.standalone.run.Pipeline;
import dev.kandjistream.standalone.run.StopSignal;
import io.micrometer.core.instrument.Counter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * What {@code up} and {@code demo} share: the whole pipeline in this process, and a person at the terminal who is told
 * what happens. Opened and closed by one thread.
 */
final class Session implements AutoCloseable {
    static final int USUAL_OPS_PORT = 9470;
    private static final Duration READY = Duration.ofMinutes(2);

    private final Terminal terminal;
    private final DataDirectory data;
    private final Metrics metrics;
    private final OpsServer ops;
    private final SweepConsole sweeps;
    private final Pipeline pipeline;

    private Session(
            Terminal terminal,
            DataDirectory data,
            Metrics metrics,
            OpsServer ops,
            SweepConsole sweeps,
            Pipeline pipeline) {
        this.terminal = terminal;
        this.data = data;
        this.metrics = metrics;
        this.ops = ops;
        this.sweeps = sweeps;
        this.pipeline = pipeline;
    }

    /**
     * Starts everything and returns when it is ready.
     *
     * @param usualOpsPort for health and metrics where none is configured; 0 for any free one
     * @param data the caller's, who closes it after the session
     * @throws StopSignal.Stopped when asked to stop meanwhile; what was started is stopped by then
     */
    static Session open(
            Configuration configuration, int usualOpsPort, DataDirectory data, Terminal terminal, StopSignal stop) {
        var health = new Health();
        var metrics = new Metrics();
        OpsServer ops = null;
        Pipeline pipeline = null;
        terminal.line(
                terminal.styled(Style.FAINT, "  starting what is embedded, then " + names(configuration) + " ..."));
        try {
            ops = Ops.start(configuration.ops(), usualOpsPort, health, metrics);
            var sweeps = new SweepConsole(terminal);
            pipeline = Pipeline.start(configuration, data, health, metrics.registry(), sweeps, (what, where, took) -> {
                terminal.line(step(terminal, what, where, took));
                stop.pause(Duration.ZERO);
            });
            Instant began = Instant.now();
            pipeline.awaitReady(READY, stop);
            terminal.line(step(
                    terminal, "services", names(configuration) + " ready", Duration.between(began, Instant.now())));
            pipeline.needsOperator().forEach(sentence -> terminal.line("  " + terminal.mark(false) + " " + sentence));
            return new Session(terminal, data, metrics, ops, sweeps, pipeline);
        } catch (RuntimeException failure) {
            terminal.line("Stopping what was started ...");
            close(pipeline, ops, metrics);
            throw failure;
        }
    }

    private static String names(Configuration configuration) {
        return "poller, enricher, sink" + (configuration.posture().isPresent() ? ", posture" : "");
    }

    static String step(Terminal terminal, String what, String where) {
        return "  " + terminal.mark(true) + " " + String.format("%-24s%s", what, where);
    }

    private static String step(Terminal terminal, String what, String where, Duration took) {
        String seconds = String.format(Locale.ROOT, "%.1f s", took.toMillis() / 1000.0);
        return step(terminal, what, String.format("%-44s", where)) + terminal.styled(Style.FAINT, seconds);
    }

    Pipeline pipeline() {
        return pipeline;
    }

    SweepConsole sweeps() {
        return sweeps;
    }

    /** @throws Failure when the sink waits for an operator to say whose the tables are, so that no sweep would reach them */
    void requireTables() {
        try {
            pipeline.tablesObjection().ifPresent(objection -> {
                throw new Failure(objection);
            });
        } catch (SQLException fault) {
            throw new Failure("The database cannot be asked whose tables it holds: " + fault.getMessage(), fault);
        }
    }

    void printSummary() {
        try (Connection database = pipeline.database()) {
            List<String> accounts = pipeline.configuration().accounts().stream()
                    .map(account -> account.id())
                    .toList();
            Summary summary = SummaryQuery.read(database, accounts, suppressed());
            new SummaryView(terminal, Instant.now()).lines(summary).forEach(terminal::line);
        } catch (SQLException fault) {
            throw new Failure("The summary cannot be read from the database: " + fault.getMessage(), fault);
        }
    }

    void printWhere() {
        String database = pipeline.jdbcUrl().substring("jdbc:".length()).replaceAll("\\?.*", "");
        String withUser = database.replaceFirst("//", "//" + pipeline.databaseUser() + "@");
        terminal.line(terminal.styled(Style.HEADING, "Look further"));
        where("tables", "psql " + withUser);
        where("topics", "bootstrap.servers=" + pipeline.clientProperties().get("bootstrap.servers"));
        where("schemas", pipeline.clientProperties().get("schema.registry.url") + "/subjects");
        pipeline.postureUrl().ifPresent(url -> where("posture", url + "/v1/openapi.yaml"));
        where("metrics", ops.url() + "/metrics   " + ops.url() + "/health/ready");
        where("log", data.log().toString());
    }

    void where(String what, String address) {
        terminal.line("  " + String.format("%-10s", what) + address);
    }

    /** The enricher counts these; tables hold nothing of what was left out. */
    private List<Summary.Count> suppressed() {
        return metrics.registry().find("enricher.suppressed.apps").counters().stream()
                .map(Session::byWord)
                .sorted(Comparator.comparing(Summary.Count::name))
                .toList();
    }

    private static Summary.Count byWord(Counter counter) {
        return new Summary.Count("", counter.getId().getTag("word"), (long) counter.count());
    }

    /** Services, registry, broker, database; says how long it took. */
    @Override
    public void close() {
        Instant began = Instant.now();
        terminal.line();
        terminal.line("Stopping " + names(pipeline.configuration()) + ", registry, broker, database ...");
        close(pipeline, ops, metrics);
        terminal.line(String.format(
                Locale.ROOT,
                "Stopped in %.1f s.",
                Duration.between(began, Instant.now()).toMillis() / 1000.0));
    }

    private static void close(Pipeline pipeline, OpsServer ops, Metrics metrics) {
        try (metrics;
                ops;
                pipeline) {
            // Closing is all there is to do; null resources are left out.
        }
    }
}
