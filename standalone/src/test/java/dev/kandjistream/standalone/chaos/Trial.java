package dev.kandjistream.standalone.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.standalone.e2e.ChangeTopic;
import dev.kandjistream.standalone.e2e.Judge;
import dev.kandjistream.standalone.e2e.Logged;
import dev.kandjistream.standalone.e2e.Tables;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * One seed: the pipeline starts, its schedule is carried out, and what has come of it is judged.
 *
 * <pre>
 * baseline -> kill, freeze, restart, trouble, change ... all undone -> settled -> pollers stop -> judged
 * </pre>
 */
final class Trial implements AutoCloseable {
    private static final Duration SETTLES_WITHIN = Duration.ofMinutes(4);
    private static final Duration CATCHES_UP_WITHIN = Duration.ofSeconds(60);
    private static final Duration TICK = Duration.ofMillis(20);

    /** Something to do at a time; in the order they were added where times are equal. */
    private record Due(long atNanos, int order, Runnable act) {}

    private final Schedule schedule;
    private final Ground ground;
    private final String name;
    private final Tenants tenants;
    private final Crew crew;
    private final Losses losses;
    private final Judge judge;
    private final Release release;
    private final Consumer<String> story;
    private final PriorityQueue<Due> timeline =
            new PriorityQueue<>(Comparator.comparingLong(Due::atNanos).thenComparingInt(Due::order));
    private long begin;
    private int order;

    /**
     * @param name of topics and database; new on that ground
     * @param evidence what the pollers need to believe in a loss
     * @param story told what happens, line by line
     */
    Trial(
            Schedule schedule,
            Ground ground,
            String name,
            Crew.Evidence evidence,
            Path directory,
            Consumer<String> story) {
        this(schedule, ground, name, evidence, Crew.SERVICES, Release.PRESENT, directory, story);
    }

    /**
     * @param services members to run
     * @param release that all of them begin with
     */
    Trial(
            Schedule schedule,
            Ground ground,
            String name,
            Crew.Evidence evidence,
            Set<Member> services,
            Release release,
            Path directory,
            Consumer<String> story) {
        this.schedule = schedule;
        this.ground = ground;
        this.name = name;
        this.release = release;
        this.story = story;
        ground.createDatabase(name);
        tenants = new Tenants(schedule.seed());
        crew = new Crew(ground, name, evidence, tenants, directory, services, schedule.clocksSet(), release);
        losses = new Losses(ground, crew, name, directory, this::until);
        judge = new Judge(name);
    }

    /** @throws AssertionError where the pipeline has a fault; with the schedule, and how to repeat it */
    Outcome run() {
        try {
            return carriedOutAndJudged();
        } catch (AssertionError | RuntimeException fault) {
            throw new AssertionError(
                    fault.getMessage() + "\n\nagain with: " + schedule.command() + "\n" + schedule.told(), fault);
        }
    }

    private Outcome carriedOutAndJudged() {
        story.accept(schedule.cold() ? "begins with the start" : "begins once the first sweeps stand");
        if (!schedule.cold()) {
            awaitStart();
        }
        begin = System.nanoTime();
        schedule.steps().forEach(this::plan);
        while (!timeline.isEmpty() || !crew.isWhole()) {
            Due due = timeline.peek();
            if (due != null && due.atNanos <= System.nanoTime()) {
                timeline.remove().act.run();
            } else {
                pause(TICK);
            }
            crew.watch();
        }
        long over = System.nanoTime();
        awaitSettled("the end of all faults", Instant.now());
        Duration settled = Duration.ofNanos(System.nanoTime() - over);
        story.accept("settled after " + settled.toMillis() + " ms");
        return judged(settled);
    }

    Crew crew() {
        return crew;
    }

    // ---- carrying out

    private void plan(Step step) {
        Deed deed = step.deed();
        if (deed instanceof Deed.Kill kill) {
            at(step.at(), step.toString(), () -> crew.kill(kill.member()));
            at(step.end(), null, () -> crew.start(kill.member()));
        } else if (deed instanceof Deed.Freeze freeze) {
            at(step.at(), step.toString(), () -> crew.freeze(freeze.member()));
            at(step.end(), null, () -> crew.thaw(freeze.member()));
        } else if (deed instanceof Deed.Restart restart) {
            at(step.at(), step.toString(), () -> crew.restart(restart.member()));
        } else if (deed instanceof Deed.Replace replace) {
            at(step.at(), step.toString(), () -> crew.replace(replace.member(), replace.release()));
        } else if (deed instanceof Deed.Lose lose) {
            at(step.at(), step.toString(), () -> losses.begin(lose.loss()));
            at(step.end(), null, () -> losses.end(lose.loss()));
        } else if (deed instanceof Deed.SetClock set) {
            at(step.at(), step.toString(), () -> crew.setClock(set.member(), set.ahead()));
            at(step.end(), null, () -> crew.setClock(set.member(), Duration.ZERO));
        } else if (deed instanceof Deed.TakeBack back) {
            at(step.at(), step.toString(), () -> takeBack(back.member(), System.nanoTime() + SETTLES_WITHIN.toNanos()));
        } else if (deed instanceof Deed.Trouble trouble) {
            var simulator = tenants.simulator(trouble.account());
            at(step.at(), step.toString(), () -> trouble.fault().begin(simulator));
            at(step.end(), null, () -> ApiFault.end(simulator));
        } else if (deed instanceof Deed.Change change) {
            at(step.at(), null, () -> {
                String told = tenants.change(change.account());
                story.accept(step + " " + told);
            });
        }
    }

    private void until(BooleanSupplier done) {
        if (!done.getAsBoolean()) {
            timeline.add(new Due(System.nanoTime() + TICK.toNanos(), order++, () -> until(done)));
        }
    }

    private void takeBack(Member member, long deadline) {
        if (crew.refused().contains(member)) {
            crew.replace(member, Release.PRESENT);
        } else if (System.nanoTime() > deadline) {
            throw new AssertionError("the former release of " + member.word() + " does not refuse");
        } else {
            timeline.add(new Due(System.nanoTime() + TICK.toNanos(), order++, () -> takeBack(member, deadline)));
        }
    }

    private void at(Duration time, String told, Runnable act) {
        timeline.add(new Due(begin + time.toNanos(), order++, () -> {
            if (told != null) {
                story.accept(told);
            }
            act.run();
        }));
    }

    // ---- settling

    /** Until every account's truth stands in the tables, and every lane has swept the whole account since then. */
    private void awaitSettled(String since, Instant sweptSince) {
        long deadline = System.nanoTime() + SETTLES_WITHIN.toNanos();
        while (!isSettled(sweptSince)) {
            if (System.nanoTime() > deadline) {
                tellWhatIsMissing(since, sweptSince);
            }
            pause(Duration.ofMillis(200));
            crew.watch();
        }
    }

    /** The tables of a former release may differ from the truth in ways that were faults of it. */
    private void awaitStart() {
        if (release == Release.PRESENT) {
            awaitSettled("the start", Instant.EPOCH);
            return;
        }
        long deadline = System.nanoTime() + SETTLES_WITHIN.toNanos();
        while (!isSwept()) {
            assertThat(System.nanoTime()).as("time of the former release").isLessThan(deadline);
            pause(Duration.ofMillis(200));
        }
    }

    private boolean isSwept() {
        try (Connection database = ground.connect(name)) {
            return unsettledSweeps(database, Instant.EPOCH).isEmpty();
        } catch (SQLException notYet) {
            return false;
        }
    }

    private boolean isSettled(Instant sweptSince) {
        try (Connection database = ground.connect(name)) {
            if (!unsettledSweeps(database, sweptSince).isEmpty()) {
                return false;
            }
            for (String account : Tenants.ACCOUNTS) {
                if (!judge.isTruth(account, tenants.truth(account), database)) {
                    return false;
                }
            }
            return true;
        } catch (SQLException notYet) {
            return false;
        }
    }

    private static List<String> unsettledSweeps(Connection database, Instant since) throws SQLException {
        List<Map<String, Object>> sweeps =
                new Tables(database).query("SELECT * FROM kandji.sweeps WHERE kind IN ('devices', 'apps')");
        List<String> unsettled = sweeps.stream()
                .filter(sweep -> !sweep.get("verdict").equals("COMPLETE")
                        || sweep.get("applied_at") == null
                        || !((Instant) sweep.get("started_at")).isAfter(since))
                .map(sweep -> sweep.get("account_id") + " " + sweep.get("kind") + ": " + sweep.get("verdict") + ", "
                        + sweep.get("reason") + ", started " + sweep.get("started_at") + ", applied "
                        + sweep.get("applied_at"))
                .toList();
        int lanes = 2 * Tenants.ACCOUNTS.size();
        return sweeps.size() == lanes ? unsettled : List.of(sweeps.size() + " lanes of " + lanes + " have swept");
    }

    private void tellWhatIsMissing(String since, Instant sweptSince) {
        try (Connection database = ground.connect(name)) {
            for (String account : Tenants.ACCOUNTS) {
                judge.truthStands(account, tenants.truth(account), database);
            }
            assertThat(unsettledSweeps(database, sweptSince))
                    .as("lanes that have not come through within %s of %s", SETTLES_WITHIN, since)
                    .isEmpty();
        } catch (SQLException away) {
            throw new AssertionError("the database does not answer long after " + since, away);
        }
    }

    // ---- judging

    private Outcome judged(Duration settled) {
        // No more receipts: what is read last of topics and of tables is the same.
        crew.stop(Member.POLLER_1);
        crew.stop(Member.POLLER_2);
        awaitAgreement();
        List<Logged> events = judge.events().records();
        for (String account : Tenants.ACCOUNTS) {
            judge.rawStands(account, tenants.simulator(account).fleet());
        }
        assertThat(attributionsMadeUpOrLost())
                .as("devices of which something else is told than was seen")
                .isEmpty();
        var retractions = new RetractionLaws(tenants.histories(), judge.sweepReadings(), schedule.clocksAhead());
        assertThat(retractions.brokenBy(events))
                .as("what was taken away and never truly gone")
                .isEmpty();
        assertThat(crew.endedByThemselves()).as("services that did not wait").isEmpty();
        assertThat(crew.alarms()).as("calls for a person in the logs").isEmpty();
        long told = events.stream().filter(record -> !record.isNull()).count();
        return new Outcome(schedule, settled, told, retractions.checked());
    }

    private List<String> attributionsMadeUpOrLost() {
        List<Logged> raw = judge.states().of(name + ".raw.devices");
        var broken = new ArrayList<String>();
        broken.addAll(
                new AttributionLaws(Set.of()).brokenBy(raw, judge.events().of(name + "." + ChangeTopic.DEVICES.word)));
        broken.addAll(new AttributionLaws(Tenants.LICENSE_TYPES)
                .brokenBy(raw, judge.events().of(name + "." + ChangeTopic.LICENSES.word)));
        return broken;
    }

    /** The sink may still write the last receipts; what is wrong for good stays wrong. */
    private void awaitAgreement() {
        long deadline = System.nanoTime() + CATCHES_UP_WITHIN.toNanos();
        while (true) {
            try {
                requireAgreement();
                return;
            } catch (AssertionError notYet) {
                if (System.nanoTime() > deadline) {
                    throw notYet;
                }
            }
            pause(Duration.ofMillis(300));
        }
    }

    /** Tables, history, folded topics and truth are equal, and the log is lawful. */
    void requireAgreement() {
        judge.read(ground.clientProperties());
        try (Connection database = ground.connect(name)) {
            judge.lawsHold(database);
            for (String account : Tenants.ACCOUNTS) {
                judge.truthStands(account, tenants.truth(account), database);
                judge.viewsStand(account, tenants.truth(account), database);
            }
        } catch (SQLException away) {
            throw new AssertionError("the database does not answer", away);
        }
    }

    private static void pause(Duration time) {
        try {
            TimeUnit.MILLISECONDS.sleep(time.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        crew.close();
        tenants.close();
    }
}
