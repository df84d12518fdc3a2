package dev.kandjistream.standalone.cli;

import dev.kandjistream.schemas.serde.KafkaAvroDeserializer;
import dev.kandjistream.standalone.config.Configuration;
import dev.kandjistream.standalone.console.DeadLettersJson;
import dev.kandjistream.standalone.console.DeadLettersView;
import dev.kandjistream.standalone.console.DeadLettersView.Readable;
import dev.kandjistream.standalone.console.Terminal;
import dev.kandjistream.standalone.run.DeadLetter;
import dev.kandjistream.standalone.run.DeadLetterLog;
import dev.kandjistream.standalone.run.Redrive;
import dev.kandjistream.standalone.run.RunningPipeline;
import dev.kandjistream.standalone.run.StopSignal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kandji-stream deadletters}: what to do is the word after it. */
@Command(
        name = "deadletters",
        header = "Lists records that could not be read, and writes them back.",
        description =
                "Enricher and sink put each record that they cannot read into the dead-letter topic, which keeps it"
                        + " for 30 days.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n")
final class DeadLettersCommand implements Runnable {
    private static final String ID_FORM = "(\\d{1,9}:)?\\d{1,18}";

    @Spec
    private CommandSpec spec;

    static CommandLine commandLine(KandjiStream root, StopSignal stop) {
        return new CommandLine(new DeadLettersCommand())
                .addSubcommand(new ListCommand(root))
                .addSubcommand(new ShowCommand(root))
                .addSubcommand(new RedriveCommand(root, stop));
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** As the topic has it; with one partition, its number need not be given. */
    private static String id(String given, CommandSpec spec) {
        if (!given.matches(ID_FORM)) {
            throw new ParameterException(
                    spec.commandLine(), "expected the id of a dead letter such as 0:17, found \"" + given + "\"");
        }
        return given.contains(":") ? given : "0:" + given;
    }

    private static Predicate<DeadLetter> of(String account) {
        return letter ->
                account == null || letter.account().filter(account::equals).isPresent();
    }

    /** What the commands share. */
    abstract static class Base implements Callable<Integer> {
        private final KandjiStream root;

        @Mixin
        private ConfigOptions config;

        @Option(
                names = "--output",
                paramLabel = "FORM",
                defaultValue = "text",
                description = "text for people, json for programs. Default: ${DEFAULT-VALUE}.")
        StatusCommand.Output output;

        @Spec
        CommandSpec spec;

        Base(KandjiStream root) {
            this.root = root;
        }

        @Override
        public Integer call() {
            requireSense();
            Logging.toNowhere(root.isVerbose());
            Configuration configuration = config.read(Set.of());
            Map<String, Object> properties = RunningPipeline.clientProperties(configuration);
            try (var log = new DeadLetterLog(configuration.topics(), properties)) {
                return run(log, configuration, properties, Terminal.standardOutput(System.getenv()));
            } catch (KafkaException failure) {
                throw StatusCommand.away(properties, failure);
            }
        }

        /** Checks the options. */
        void requireSense() {}

        abstract int run(
                DeadLetterLog log, Configuration configuration, Map<String, Object> properties, Terminal terminal);

        void print(String line) {
            spec.commandLine().getOut().println(line);
        }

        boolean isJson() {
            return output == StatusCommand.Output.json;
        }

        static DeadLettersView view(Terminal terminal) {
            return new DeadLettersView(terminal, ZoneId.systemDefault());
        }

        static DeadLetter find(DeadLetterLog log, String id) {
            return log.find(id)
                    .orElseThrow(() -> new Failure("Expected the id of a dead letter, found \"" + id
                            + "\"; kandji-stream deadletters list shows which there are"));
        }
    }

    /** {@code kandji-stream deadletters list}. */
    @Command(
            name = "list",
            header = "Lists dead letters, the newest first.",
            description = "Shows where each record came from, which service could not read it, when, and why.")
    static final class ListCommand extends Base {
        @Option(names = "--account", paramLabel = "ID", description = "List only letters of this account.")
        private String account;

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "50",
                description = "List at most so many. Default: ${DEFAULT-VALUE}.")
        private int limit;

        ListCommand(KandjiStream root) {
            super(root);
        }

        @Override
        void requireSense() {
            if (limit < 1) {
                throw new ParameterException(spec.commandLine(), "expected at least 1 after --limit, found " + limit);
            }
        }

        @Override
        int run(DeadLetterLog log, Configuration configuration, Map<String, Object> properties, Terminal terminal) {
            List<DeadLetterLog.Listed> letters = log.newest(of(account), limit);
            if (isJson()) {
                print(DeadLettersJson.list(letters, Instant.now()));
            } else {
                view(terminal).list(letters).forEach(this::print);
            }
            return ExitCodes.DONE;
        }
    }

    /** {@code kandji-stream deadletters show}. */
    @Command(
            name = "show",
            header = "Shows one dead letter: headers, and what can be read of it.",
            description = "The content may hold names and email addresses.")
    static final class ShowCommand extends Base {
        @Parameters(paramLabel = "ID", description = "Id of the letter, as listed: 0:17, or 17 for short.")
        private String id;

        ShowCommand(KandjiStream root) {
            super(root);
        }

        @Override
        void requireSense() {
            id = id(id, spec);
        }

        @Override
        int run(DeadLetterLog log, Configuration configuration, Map<String, Object> properties, Terminal terminal) {
            DeadLetter letter = find(log, id);
            Readable value = readable(letter, properties);
            if (isJson()) {
                print(DeadLettersJson.show(letter, value));
            } else {
                view(terminal).show(letter, value).forEach(this::print);
            }
            return ExitCodes.DONE;
        }

        /** By the registry as it is now: where it was wrong when the letter was written, it may be right again. */
        private static Readable readable(DeadLetter letter, Map<String, Object> properties) {
            var generic = new HashMap<>(properties);
            generic.put("specific.avro.reader", false);
            try (var values = new KafkaAvroDeserializer()) {
                values.configure(generic, false);
                return values.deserialize(letter.topic(), letter.value()) instanceof GenericRecord record
                        ? new Readable(Optional.of(record.getSchema().getFullName()), Optional.of(record.toString()))
                        : new Readable(Optional.empty(), Optional.empty());
            } catch (KafkaException unreadable) {
                return new Readable(Optional.empty(), Optional.empty());
            }
        }
    }

    /** {@code kandji-stream deadletters redrive}. */
    @Command(
            name = "redrive",
            header = "Writes records of dead letters back to their topics.",
            description = {
                "Key, value and headers are those of the original record, with the header deadletter.redriven added."
                        + " Waits until enricher and sink have read them.",
                "Skips a record when its topic has a newer one of the same key, and a record that was redriven before."
            })
    static final class RedriveCommand extends Base {
        private final StopSignal stop;

        @Parameters(paramLabel = "ID", arity = "0..*", description = "Ids of the letters, as listed.")
        private List<String> ids = List.of();

        @Option(names = "--all", description = "Redrive all dead letters.")
        private boolean all;

        @Option(names = "--account", paramLabel = "ID", description = "Redrive the letters of this account.")
        private String account;

        @Option(names = "--dry-run", description = "Show what would be done, and write nothing.")
        private boolean dryRun;

        @Option(
                names = "--wait",
                paramLabel = "TIME",
                defaultValue = "2m",
                converter = DurationConverter.class,
                description = "Wait at most so long. Default: ${DEFAULT-VALUE}.")
        private Duration wait;

        RedriveCommand(KandjiStream root, StopSignal stop) {
            super(root);
            this.stop = stop;
        }

        @Override
        void requireSense() {
            int ways = (ids.isEmpty() ? 0 : 1) + (all ? 1 : 0) + (account == null ? 0 : 1);
            if (ways != 1) {
                throw new ParameterException(spec.commandLine(), "expected either ids of letters, --account or --all");
            }
            ids = ids.stream().map(id -> id(id, spec)).toList();
        }

        @Override
        int run(DeadLetterLog log, Configuration configuration, Map<String, Object> properties, Terminal terminal) {
            ids.forEach(id -> find(log, id));
            try (var redrive = new Redrive(configuration.topics(), properties, log, stop)) {
                var run = new RedriveRun(redrive, dryRun, wait);
                if (isJson()) {
                    try (var json = DeadLettersJson.redriven(spec.commandLine().getOut(), dryRun)) {
                        forEachPiece(
                                log, piece -> run.carryOut(piece, result -> {}).forEach(json::letter));
                        json.followed(run.isFollowed());
                    }
                } else {
                    DeadLettersView view = view(terminal);
                    forEachPiece(log, piece -> run.carryOut(piece, result -> print(view.redriven(result, dryRun))));
                    print(view.counted(run.redriven(), run.skipped(), dryRun));
                }
                run.requireWell();
            }
            return ExitCodes.DONE;
        }

        private void forEachPiece(DeadLetterLog log, Consumer<DeadLetterLog.Piece> worker) {
            if (ids.isEmpty()) {
                log.forEachPiece(of(account), worker);
            } else {
                worker.accept(log.of(new LinkedHashSet<>(ids)));
            }
        }
    }
}
