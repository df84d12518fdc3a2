package dev.kandjistream.standalone.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
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
        // The first numbers of neighbouring seeds resemble each other.
        var random = new Random(seed * 0x9E3779B97F4A7C15L + 11);
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
        String losses = count(Deed.Lose.class) > 0 ? " --losses" : "";
        return "chaos/run --seeds " + seed + " --seconds " + length.toSeconds() + losses + " --verbose";
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
