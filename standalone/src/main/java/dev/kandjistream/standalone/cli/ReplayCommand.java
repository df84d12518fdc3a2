package dev.kandjistream.standalone.cli;

import dev.kandjistream.config.Durations;
import dev.kandjistream.schemas.Replays;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.standalone.config.Configuration;
import dev.kandjistream.standalone.console.ReplayView;
import dev.kandjistream.standalone.console.Terminal;
import dev.kandjistream.standalone.run.RunningPipeline;
import dev.kandjistream.standalone.run.RunningReplay;
import dev.kandjistream.standalone.run.StopSignal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code kandji-stream replay}. */
@Command(
        name = "replay",
        header = "Publishes the current state to the change topics again.",
        description = {
            "Asks the running enrichers to publish what stands now, as events with op r and cause REPLAY, and follows"
                    + " them to the end. Everything else goes on.",
            "A repeated replay has the same event ids as long as the state is the same. It ends nothing: a row that the"
                    + " enricher does not know stays. See docs/runbook.md."
        })
final class ReplayCommand implements Callable<Integer> {
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration IDLE = Duration.ofSeconds(20);

    private final KandjiStream root;
    private final StopSignal stop;

    @Mixin
    private ConfigOptions config;

    @Option(
            names = "--entity",
            paramLabel = "NAME",
            description = "Replay only this entity: devices, licenses, users, usage or unattributed. Repeatable."
                    + " Default: all of them.")
    private List<String> named = List.of();

    @Option(
            names = "--account",
            paramLabel = "ID",
            converter = IdConverter.class,
            description = "Replay only this account. Default: all accounts.")
    private String account;

    @Option(names = "--dry-run", description = "Have the enrichers count only; no change topic is written to.")
    private boolean dryRun;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "30m",
            converter = DurationConverter.class,
            description = "Follow the enrichers for at most so long. Default: ${DEFAULT-VALUE}.")
    private Duration wait;

    @Spec
    private CommandSpec spec;

    ReplayCommand(KandjiStream root, StopSignal stop) {
        this.root = root;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        Logging.toNowhere(root.isVerbose());
        Configuration configuration = config.read(Set.of());
        Set<String> entities = entities(configuration.topics());
        Map<String, Object> properties = RunningPipeline.clientProperties(configuration);
        Terminal terminal = Terminal.standardOutput(System.getenv());
        try (var replay = new RunningReplay(configuration.topics(), properties)) {
            replay.ask(new Replays.Request(UUID.randomUUID().toString(), account, entities, dryRun, Instant.now()));
            return follow(replay, new ReplayView(terminal), terminal);
        } catch (IllegalStateException failure) {
            throw new Failure(failure.getMessage(), failure);
        } catch (KafkaException failure) {
            throw StatusCommand.away(properties, failure);
        }
    }

    private int follow(RunningReplay replay, ReplayView view, Terminal terminal) {
        long deadline = System.nanoTime() + wait.toNanos();
        long moved = System.nanoTime();
        boolean warned = false;
        int done = 0;
        Map<String, Long> last = replay.records();
        while (replay.done() < replay.partitions()) {
            stop.pause(Duration.ZERO);
            if (System.nanoTime() > deadline) {
                throw new Failure("Not done after " + Durations.format(wait) + ": " + replay.done() + " of "
                        + replay.partitions() + " partitions. The request stays for "
                        + Durations.format(Replays.VALID) + ": an enricher that runs carries it out.");
            }
            replay.look(LOOK);
            Map<String, Long> now = replay.records();
            if (replay.done() != done || !now.equals(last)) {
                moved = System.nanoTime();
                done = replay.done();
                last = now;
                terminal.line(view.progress(done, replay.partitions(), now));
            } else if (!warned && System.nanoTime() - moved > IDLE.toNanos()) {
                warned = true;
                terminal.line("  No enricher has answered for " + IDLE.toSeconds()
                        + " s. Do all of them run in this version, and are they ready? Waiting for them.");
            }
        }
        long records = last.values().stream().mapToLong(Long::longValue).sum();
        if (records == 0) {
            throw new Failure("The enricher knows nothing of "
                    + (account == null ? "any account" : "account \"" + account + "\"")
                    + " that belongs in " + String.join(", ", last.keySet()) + ". Is the account id right, and has the"
                    + " account been swept?");
        }
        view.outcome(last, dryRun).forEach(terminal::line);
        return ExitCodes.DONE;
    }

    /** Topics may be named with their prefix, as other messages and tools print them. */
    private Set<String> entities(Topics topics) {
        Set<String> entities = new TreeSet<>();
        for (String name : named) {
            String prefix = topics.prefix() + ".";
            String entity = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
            if (!Replays.entities().contains(entity)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "expected after --entity one of " + String.join(", ", Replays.entities()) + ", found \"" + name
                                + "\"");
            }
            entities.add(entity);
        }
        return entities.isEmpty() ? Replays.entities() : entities;
    }
}
