package dev.kandjistream.standalone.cli;

import dev.kandjistream.config.Durations;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.sink.Rebuild;
import dev.kandjistream.sink.domain.RebuildPlan;
import dev.kandjistream.sink.jdbc.OwnerMismatch;
import dev.kandjistream.standalone.config.Configuration;
import dev.kandjistream.standalone.config.Part;
import dev.kandjistream.standalone.console.RebuildView;
import dev.kandjistream.standalone.console.Terminal;
import dev.kandjistream.standalone.run.RunningPipeline;
import dev.kandjistream.standalone.run.StopSignal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code kandji-stream rebuild}. */
@Command(
        name = "rebuild",
        header = "Rebuilds current tables from their topics.",
        description = {
            "Compares the keys of topics and tables, shows how many rows would be written, removed and kept, has the"
                    + " running sink read the topics again, and follows it to the end. Everything else goes on."
                    + " History is kept.",
            "A topic without records never empties its table unless --allow-empty is given."
        })
final class RebuildCommand implements Callable<Integer> {
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration IDLE = Duration.ofSeconds(20);

    private final KandjiStream root;
    private final StopSignal stop;

    @Mixin
    private ConfigOptions config;

    @Option(
            names = "--entity",
            paramLabel = "NAME",
            description = "Rebuild only the table of this entity: devices, licenses, users, usage, unattributed or"
                    + " sweeps. Repeatable. Default: all of them.")
    private List<String> named = List.of();

    @Option(names = "--dry-run", description = "Show what would be done and change nothing.")
    private boolean dryRun;

    @Option(
            names = "--adopt",
            description = "Take the database over from another topic prefix or Kafka cluster. Its rows that this"
                    + " pipeline's topics lack are removed.")
    private boolean adopt;

    @Option(names = "--allow-empty", description = "Also rebuild a table that its topic would leave without a row.")
    private boolean allowEmpty;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "30m",
            converter = DurationConverter.class,
            description = "Follow the sink for at most so long. Default: ${DEFAULT-VALUE}.")
    private Duration wait;

    @Spec
    private CommandSpec spec;

    RebuildCommand(KandjiStream root, StopSignal stop) {
        this.root = root;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        Logging.toNowhere(root.isVerbose());
        Configuration configuration = config.read(Set.of(Part.SINK));
        Set<String> entities = entities(configuration.topics());
        Terminal terminal = Terminal.standardOutput(System.getenv());
        try (Rebuild rebuild = Rebuild.open(RunningPipeline.sinkConfig(configuration))) {
            return run(rebuild, entities, new RebuildView(terminal), terminal);
        } catch (SQLException failure) {
            throw new Failure(
                    "Expected the database at "
                            + RunningPipeline.database(configuration).url().replaceAll("\\?.*", "")
                            + " to answer, found: " + failure.getMessage() + ". Is postgres.url right?",
                    failure);
        } catch (IllegalStateException | OwnerMismatch failure) {
            throw new Failure(failure.getMessage(), failure);
        } catch (KafkaException failure) {
            throw StatusCommand.away(RunningPipeline.clientProperties(configuration), failure);
        }
    }

    private int run(Rebuild rebuild, Set<String> entities, RebuildView view, Terminal terminal) throws SQLException {
        Optional<String> objection = rebuild.objection();
        if (objection.isPresent() && !adopt) {
            throw new Failure(objection.get());
        }
        if (objection.isPresent() && !dryRun) {
            rebuild.createMissingTopics();
        }
        List<RebuildPlan> plans = rebuild.plan(entities);
        objection.ifPresent(found -> terminal.line("Adopting: " + found));
        view.plan(plans).forEach(terminal::line);
        List<String> missing = missing(entities, plans);
        missing.forEach(entity -> terminal.line(terminal.mark(false) + " " + entity
                + ": its topic does not exist, so its table stays as it is. A sink that starts creates it."));
        if (dryRun) {
            terminal.line("Nothing was changed (--dry-run).");
            return ExitCodes.DONE;
        }
        List<RebuildPlan> carriedOut = rebuild.begin(allowEmpty, objection.isPresent());
        List<RebuildPlan> refused =
                plans.stream().filter(plan -> !carriedOut.contains(plan)).toList();
        refused.forEach(plan -> terminal.line(terminal.mark(false) + " " + view.refused(plan)));
        if (!carriedOut.isEmpty()) {
            follow(rebuild, view, terminal);
            rebuild.outcome().forEach(plan -> terminal.line(terminal.mark(true) + " " + view.outcome(plan)));
        }
        return refused.isEmpty() && missing.isEmpty() ? ExitCodes.DONE : ExitCodes.FAILED;
    }

    /** Returns when the sinks have read everything. */
    private void follow(Rebuild rebuild, RebuildView view, Terminal terminal) throws SQLException {
        long deadline = System.nanoTime() + wait.toNanos();
        long moved = System.nanoTime();
        List<Rebuild.Progress> last = List.of();
        boolean warned = false;
        while (true) {
            List<Rebuild.Progress> now = rebuild.progress();
            if (!now.equals(last)) {
                view.progress(now).ifPresent(terminal::line);
                moved = System.nanoTime();
            }
            last = now;
            if (now.stream().allMatch(Rebuild.Progress::ended)) {
                break;
            }
            if (System.nanoTime() > deadline) {
                throw new Failure("Not done after " + Durations.format(wait) + ". The request stays: a sink that runs"
                        + " carries it out. Run the command again to follow it.");
            }
            if (!warned && System.nanoTime() - moved > IDLE.toNanos()) {
                warned = true;
                terminal.line("  No sink has read anything for " + IDLE.toSeconds()
                        + " s. Does one run, and is it ready? Waiting for it.");
            }
            stop.pause(LOOK);
        }
        List<String> broken = last.stream()
                .filter(Rebuild.Progress::broken)
                .map(Rebuild.Progress::entity)
                .toList();
        if (!broken.isEmpty()) {
            throw new Failure("The topic of " + String.join(", ", broken) + " was replaced or cut, or another rebuild"
                    + " began, while the sink was reading it. Rows were kept. Run the command again.");
        }
    }

    private static List<String> missing(Set<String> entities, List<RebuildPlan> plans) {
        var missing = new ArrayList<>(entities);
        plans.forEach(plan -> missing.remove(plan.entity()));
        return missing;
    }

    /** Topics may be named with their prefix, as other messages and tools print them. */
    private Set<String> entities(Topics topics) {
        Set<String> known = Rebuild.entities(topics);
        if (adopt && !named.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "expected --adopt without --entity: the whole database changes hands");
        }
        if (named.isEmpty()) {
            return known;
        }
        Set<String> entities = new TreeSet<>();
        for (String name : named) {
            String prefix = topics.prefix() + ".";
            String entity = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
            if (!known.contains(entity)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "expected after --entity one of " + String.join(", ", known) + ", found \"" + name + "\"");
            }
            entities.add(entity);
        }
        return entities;
    }
}
