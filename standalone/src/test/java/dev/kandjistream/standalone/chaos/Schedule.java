package dev.kandjistream.standalone.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a seed does, and when: a pure function of the seed, the length and the accounts.
 *
 * <p>Deeds on one member do not overlap, nor do troubles of one account; everything else may. At the end all is undone.
 *
 * @param cold whether it begins as soon as the processes are started, and not when the first sweeps stand in the tables
 */
record Schedule(long seed, Duration length, boolean cold, List<Step> steps) {
    /** Longer than a poller may be silent ({@link Crew#SESSION}) before its accounts go to others. */
    static final Duration LONG_FREEZE = Duration.ofSeconds(8);

    /** How far clocks are set. */
    private static final List<Duration> AHEAD = List.of(
            Duration.ofSeconds(5),
            Duration.ofSeconds(61),
            Duration.ofHours(1),
            Duration.ofHours(26),
            Duration.ofDays(40));

    /** The first random numbers of neighbouring seeds resemble each other. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private static final long SHORTEST = 5_000;

    Schedule {
        if (length.toMillis() < SHORTEST) {
            throw new IllegalArgumentException("A schedule takes at least 5 s, was " + length);
        }
        steps = List.copyOf(steps);
    }

    static Schedule of(long seed, Duration length, List<String> accounts) {
        var random = new Random(seed);
        boolean cold = random.nextInt(4) == 0;
        boolean powerCut = random.nextInt(4) == 0;
        var steps = new ArrayList<Step>();
        for (Member member : Member.DISTURBED) {
            disturb(member, length.toMillis(), random, steps);
        }
        if (powerCut) {
            cutPower(length.toMillis(), random, steps);
        }
        for (String account : accounts) {
            trouble(account, length.toMillis(), random, steps);
        }
        change(accounts, length.toMillis(), random, steps);
        steps.sort(Comparator.comparing(Step::at));
        return new Schedule(seed, length, cold, steps);
    }

    /**
     * The seed's schedule with two losses, one after the other, and without the deeds on whom these concern. Of the usual
     * schedule nothing else changes.
     */
    Schedule withLosses() {
        var random = new Random(seed * SPREAD + 11);
        var all = new ArrayList<>(steps);
        long third = length.toMillis() / 3;
        for (int part = 0; part < 2; part++) {
            Loss loss = Loss.values()[random.nextInt(Loss.values().length)];
            var at = Duration.ofMillis(1_000 + part * third + random.nextInt((int) Math.max(1, third / 4)));
            var step = new Step(at, new Deed.Lose(loss, Duration.ofMillis(third / 2)));
            all.removeIf(other -> isOn(loss.victim(), other.deed()) && isNear(step, other));
            all.add(step);
        }
        all.sort(Comparator.comparing(Step::at));
        return new Schedule(seed, length, cold, all);
    }

    /** The seed's schedule, in which the clock of a poller is set twice, one after the other. */
    Schedule withClocks() {
        var random = new Random(seed * SPREAD + 13);
        var all = new ArrayList<>(steps);
        long half = length.toMillis() / 2;
        for (int part = 0; part < 2; part++) {
            Member member = random.nextBoolean() ? Member.POLLER_1 : Member.POLLER_2;
            Duration ahead = AHEAD.get(random.nextInt(AHEAD.size()));
            var at = Duration.ofMillis(part * half + random.nextInt((int) Math.max(1, half / 4)));
            var over = Duration.ofMillis(half / 4 + random.nextInt((int) Math.max(1, half / 4)));
            all.add(new Step(at, new Deed.SetClock(member, random.nextBoolean() ? ahead : ahead.negated(), over)));
        }
        all.sort(Comparator.comparing(Step::at));
        return new Schedule(seed, length, cold, all);
    }

    /** The seed's schedule for a cluster of three, of which the other two are disturbed as well, each by itself. */
    Schedule withCluster() {
        var random = new Random(seed * SPREAD + 17);
        var all = new ArrayList<>(steps);
        for (Member member : List.of(Member.BROKER_2, Member.BROKER_3)) {
            disturb(member, length.toMillis(), random, all);
        }
        all.sort(Comparator.comparing(Step::at));
        return new Schedule(seed, length, cold, all);
    }

    private static boolean isOn(Member victim, Deed deed) {
        return victim != null
                && (deed instanceof Deed.Kill kill && kill.member() == victim
                        || deed instanceof Deed.Freeze freeze && freeze.member() == victim
                        || deed instanceof Deed.Restart restart && restart.member() == victim);
    }

    /** A group can be deleted only once the broker has noticed that nobody is in it. */
    private static boolean isNear(Step loss, Step other) {
        Duration rest = Duration.ofSeconds(8);
        return other.end().compareTo(loss.at()) >= 0
                && other.at().compareTo(loss.end().plus(rest)) <= 0;
    }

    private static void disturb(Member member, long length, Random random, List<Step> steps) {
        for (long at = between(0, 9_000, random); ; at += between(3_000, 12_000, random)) {
            Deed deed = disturbance(member, random);
            if (at + deed.length().toMillis() > length) {
                return;
            }
            steps.add(new Step(Duration.ofMillis(at), deed));
            at += deed.length().toMillis();
        }
    }

    private static Deed disturbance(Member member, Random random) {
        Duration shortly = Duration.ofMillis(between(200, 3_000, random));
        int which = random.nextInt(100);
        if (which < 50) {
            return new Deed.Kill(member, shortly);
        }
        if (which < 80) {
            return new Deed.Freeze(member, shortly);
        }
        return which < 90 && member.isPoller()
                ? new Deed.Freeze(member, LONG_FREEZE)
                : new Deed.Restart(member, Duration.ofSeconds(1));
    }

    /** Everybody is killed at once, and comes back one after the other. */
    private static void cutPower(long length, Random random, List<Step> steps) {
        Duration at = Duration.ofMillis(between(1_000, (int) length - 3_000, random));
        Duration over = at.plusMillis(3_000);
        steps.removeIf(step -> step.at().compareTo(over) <= 0 && step.end().compareTo(at) >= 0);
        for (Member member : Member.DISTURBED) {
            steps.add(new Step(at, new Deed.Kill(member, Duration.ofMillis(between(200, 3_000, random)))));
        }
    }

    private static void trouble(String account, long length, Random random, List<Step> steps) {
        for (long at = between(0, 3_000, random); ; at += between(1_500, 5_000, random)) {
            ApiFault[] faults = ApiFault.values();
            var deed = new Deed.Trouble(
                    account, faults[random.nextInt(faults.length)], Duration.ofMillis(between(800, 5_000, random)));
            if (at + deed.length().toMillis() > length) {
                return;
            }
            steps.add(new Step(Duration.ofMillis(at), deed));
            at += deed.length().toMillis();
        }
    }

    private static void change(List<String> accounts, long length, Random random, List<Step> steps) {
        for (long at = between(0, 500, random); at < length; at += between(100, 700, random)) {
            String account = accounts.get(random.nextInt(accounts.size()));
            steps.add(new Step(Duration.ofMillis(at), new Deed.Change(account)));
        }
    }

    private static long between(int least, int most, Random random) {
        return least + random.nextInt(most - least + 1);
    }

    /** How to see the same once more. */
    String command() {
        return "chaos/run --seeds " + seed + " --seconds " + length.toSeconds() + options() + " --verbose";
    }

    /** Of the command line, that add to the usual schedule; each behind a blank. */
    String options() {
        String losses = count(Deed.Lose.class) > 0 ? " --losses" : "";
        String clocks = count(Deed.SetClock.class) > 0 ? " --clocks" : "";
        return losses + clocks + (isForCluster() ? " --cluster" : "");
    }

    /** Whether it disturbs three brokers. */
    boolean isForCluster() {
        return steps.stream()
                .anyMatch(step -> isOn(Member.BROKER_2, step.deed()) || isOn(Member.BROKER_3, step.deed()));
    }

    /** Whose clocks are set. */
    Set<Member> clocksSet() {
        return steps.stream()
                .filter(step -> step.deed() instanceof Deed.SetClock)
                .map(step -> ((Deed.SetClock) step.deed()).member())
                .collect(Collectors.toSet());
    }

    /** By how much clocks are set. */
    Set<Duration> clocksAhead() {
        return steps.stream()
                .filter(step -> step.deed() instanceof Deed.SetClock)
                .map(step -> ((Deed.SetClock) step.deed()).ahead())
                .collect(Collectors.toSet());
    }

    /** Every step in words but the changes of fleets, which are many and ordinary. */
    String told() {
        return steps.stream()
                .filter(step -> !(step.deed() instanceof Deed.Change))
                .map(Step::toString)
                .collect(Collectors.joining("\n"));
    }

    <T extends Deed> long count(Class<T> kind) {
        return steps.stream().filter(step -> kind.isInstance(step.deed())).count();
    }
}
