package dev.kandjistream.standalone.chaos;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The long run: {@code chaos/run}. */
@Command(
        name = "chaos/run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Kills, freezes and restarts the pipeline's processes, and has the API misbehave, by a schedule that"
                    + " each seed has; then judges tables, topics and every single retraction by the simulators' truth.",
            "Ends with 0 when no seed found a fault, with 1 when one did, with 2 when the command line is wrong."
        })
final class Chaos implements Callable<Integer> {
    /** Broker and database begin anew after so many, and after every fault: their directories grow. */
    private static final int SEEDS_ON_ONE_GROUND = 5;

    @Option(
            names = "--seeds",
            required = true,
            converter = Seeds.Converter.class,
            paramLabel = "SEEDS",
            description = "for example 7, 1-300 or 1-10,50")
    private Seeds seeds;

    @Option(
            names = "--seconds",
            defaultValue = "30",
            paramLabel = "N",
            description =
                    "how long a seed's schedule is; ${DEFAULT-VALUE} unless said otherwise. Another length is another"
                            + " schedule")
    private int seconds;

    @Option(
            names = "--losses",
            description =
                    "lose two things a seed as well: the enricher's group, its volume or the database set back to a copy,"
                            + " an emptied registry, a deleted raw topic")
    private boolean losses;

    @Option(
            names = "--clocks",
            description = "set the clock of a poller twice a seed as well, by seconds or days; needs libfaketime")
    private boolean clocks;

    @Option(
            names = "--cluster",
            description =
                    "three brokers that keep everything three times; each is killed, frozen and restarted as well")
    private boolean cluster;

    @Option(
            names = "--results",
            paramLabel = "FILE",
            description = "one line for each seed; seeds that stand in it are skipped, so a run can be continued")
    private Path results;

    @Option(
            names = "--gullible",
            description = "have the pollers believe every answer: then faults must be found, or the judges are blind")
    private boolean gullible;

    @Option(names = "--schedule", description = "only print the seeds' schedules")
    private boolean onlyPrint;

    @Option(names = "--verbose", description = "print every step as it is done")
    private boolean verbose;

    private Results kept;
    private Ground ground;
    private Path directory;
    private int onThisGround;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Chaos()).execute(arguments));
    }

    @Override
    public Integer call() {
        if (onlyPrint) {
            seeds.all().forEach(seed -> {
                say("seed " + seed + (schedule(seed).cold() ? ", from the start" : ""));
                schedule(seed).steps().forEach(System.out::println);
            });
            return 0;
        }
        if (clocks && !SettableClock.isToBeHad()) {
            System.err.println("--clocks: needs libfaketime, which is not installed. Install the package libfaketime");
            return 2;
        }
        try {
            kept = Results.in(Optional.ofNullable(results));
        } catch (IllegalArgumentException wrong) {
            System.err.println("--results " + results + ": " + wrong.getMessage());
            return 2;
        }
        int done = 0;
        int faults = 0;
        try {
            for (long seed : seeds.all()) {
                done++;
                if (!kept.has(schedule(seed))) {
                    faults += attempt(schedule(seed), done) ? 0 : 1;
                }
            }
        } finally {
            leaveGround(faults == 0);
        }
        summarize();
        return kept.sum().faults() == 0 ? 0 : 1;
    }

    private Crew.Evidence evidence() {
        return gullible ? Crew.Evidence.GULLIBLE : Crew.Evidence.SOUND;
    }

    private Duration length() {
        return Duration.ofSeconds(seconds);
    }

    private Schedule schedule(long seed) {
        var schedule = Schedule.of(seed, length(), Tenants.ACCOUNTS);
        if (losses) {
            schedule = schedule.withLosses();
        }
        if (clocks) {
            schedule = schedule.withClocks();
        }
        return cluster ? schedule.withCluster() : schedule;
    }

    /** @return whether all was well */
    private boolean attempt(Schedule schedule, int number) {
        say("seed %d (%d of %d): %d kills, %d freezes, %d restarts, %d troubles, %d changes of fleets"
                .formatted(
                        schedule.seed(),
                        number,
                        seeds.all().size(),
                        schedule.count(Deed.Kill.class),
                        schedule.count(Deed.Freeze.class),
                        schedule.count(Deed.Restart.class),
                        schedule.count(Deed.Trouble.class),
                        schedule.count(Deed.Change.class)));
        System.out.println(schedule.told());
        String name = "chaos_" + schedule.seed();
        try {
            if (ground == null || onThisGround++ == SEEDS_ON_ONE_GROUND) {
                leaveGround(true);
                directory = Files.createTempDirectory("kandji-stream-chaos-");
                ground = Ground.start(directory, cluster ? Ground.CLUSTER : 1);
                onThisGround = 1;
            }
            Path own = Files.createDirectory(directory.resolve(name));
            try (var story = new PrintWriter(Files.newBufferedWriter(own.resolve("story.txt")), true);
                    var trial = new Trial(schedule, ground, name, evidence(), own, line -> tell(story, line))) {
                return judged(trial, schedule, story, own);
            }
        } catch (IOException noDirectory) {
            throw new UncheckedIOException(noDirectory);
        }
    }

    private boolean judged(Trial trial, Schedule schedule, PrintWriter story, Path own) {
        try {
            Outcome outcome = trial.run();
            kept.fine(outcome);
            say("fine: settled after %.1f s; %d events and %d retractions are as they should be"
                    .formatted(outcome.settled().toMillis() / 1000.0, outcome.events(), outcome.retractions()));
            return true;
        } catch (AssertionError | RuntimeException fault) {
            kept.fault(schedule, fault);
            fault.printStackTrace(story);
            say("FAULT: " + fault.getMessage());
            say("logs and story are in " + own);
            leaveGround(false);
            return false;
        }
    }

    private void tell(PrintWriter story, String line) {
        story.println(LocalTime.now().truncatedTo(ChronoUnit.MILLIS) + " " + line);
        if (verbose) {
            System.out.println(line);
        }
    }

    private static void say(String line) {
        System.out.println(LocalTime.now().truncatedTo(ChronoUnit.SECONDS) + "  " + line);
    }

    private void leaveGround(boolean nothingToSee) {
        if (ground == null) {
            return;
        }
        ground.close();
        ground = null;
        if (nothingToSee) {
            delete(directory);
        }
    }

    private static void delete(Path tree) {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void summarize() {
        Results.Sum sum = kept.sum();
        System.out.printf(
                "%n%d seeds: %d kills, %d freezes, %d restarts, %d troubles with the API, %d changes of fleets;"
                        + " %d events judged, %d retractions compared with the truth.%n%s%n",
                sum.seeds(),
                sum.kills(),
                sum.freezes(),
                sum.restarts(),
                sum.troubles(),
                sum.changes(),
                sum.events(),
                sum.retractions(),
                sum.faults() == 0 ? "No faults." : sum.faults() + " seeds found FAULTS; see above or the results.");
    }
}
