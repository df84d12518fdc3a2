package dev.kandjistream.standalone.chaos;

import dev.kandjistream.simulator.truth.Truth;
import dev.kandjistream.standalone.e2e.ChangeTopic;
import dev.kandjistream.standalone.e2e.Judge.Reading;
import dev.kandjistream.standalone.e2e.Logged;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Nothing is ended that the truth never ended: whatever an event takes away was truly gone at some moment while the sweep
 * that the event names was being read. That covers revoked and reassigned seats, released devices, and each device that a
 * usage loses.
 */
final class RetractionLaws {
    /** Receipts and events tell milliseconds. */
    private static final Duration ROUNDING = Duration.ofMillis(1);

    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final Map<String, TruthHistory> histories;
    private final Map<String, Reading> readings;
    /** How far the clock that a reading tells the time by may have been ahead. */
    private final Set<Duration> ahead = new HashSet<>(Set.of(Duration.ZERO));

    private final List<String> broken = new ArrayList<>();
    private int checked;

    /**
     * @param histories by account
     * @param readings when each sweep was read, by its id. Its events say when a page was asked for, and the answer may tell of
     *     a change after that
     * @param clocksAhead how far clocks of pollers were ahead at times
     */
    RetractionLaws(Map<String, TruthHistory> histories, Map<String, Reading> readings, Set<Duration> clocksAhead) {
        this.histories = histories;
        this.readings = readings;
        ahead.addAll(clocksAhead);
    }

    /** Every retraction that was none, in words; empty where all was well. */
    List<String> brokenBy(List<Logged> events) {
        events.stream()
                .filter(event -> !event.isNull() && event.before() != null)
                .forEach(this::judge);
        return broken;
    }

    /** How many retractions were looked at. */
    int checked() {
        return checked;
    }

    private void judge(Logged event) {
        switch (ChangeTopic.of(event.topic())) {
            case LICENSES -> {
                if (userChanged(event)) {
                    require(event, "the seat", truth -> !holdsSeat(truth, event.before()));
                }
            }
            case DEVICES -> {
                if (userChanged(event)) {
                    require(event, "the device's user", truth -> !hasUser(truth, event.before()));
                }
            }
            case USAGE ->
                devicesLost(event)
                        .forEach(device -> require(
                                event,
                                "the usage on device " + device,
                                truth -> !isUsed(truth, event.before(), device)));
            // A user's devices are judged one by one, above.
            case USERS -> {}
        }
    }

    private static boolean userChanged(Logged event) {
        return event.after() == null
                || !Objects.equals(event.before().get("user_id"), event.after().get("user_id"));
    }

    /** Empty where a usage has more devices than it lists: which ones it loses cannot be told then. */
    private static List<String> devicesLost(Logged event) {
        if ((Integer) event.before().get("device_count")
                > devices(event.before()).size()) {
            return List.of();
        }
        var lost = new ArrayList<>(devices(event.before()));
        if (event.after() != null) {
            lost.removeAll(devices(event.after()));
        }
        return lost;
    }

    private static List<String> devices(Map<String, Object> usage) {
        return ((List<?>) usage.get("device_ids"))
                .stream().map(String.class::cast).toList();
    }

    private void require(Logged event, String what, Predicate<Truth> gone) {
        checked++;
        Reading reading = readings.get(event.source().get("sweep_id"));
        if (reading == null) {
            broken.add(event.place() + ": names a sweep without a receipt — " + event.line());
            return;
        }
        TruthHistory history = histories.get((String) event.source().get("db"));
        if (ahead.stream()
                .noneMatch(begin -> ahead.stream().anyMatch(end -> wasEver(history, reading, begin, end, gone)))) {
            broken.add(event.place() + ": " + what + " was taken away, but was truly there all the time from "
                    + reading.begin() + " to " + reading.end() + ", while sweep "
                    + event.source().get("sweep_id") + " was read — " + event.line());
        }
    }

    /** Nothing is read for longer than a trial takes: then a clock was set in between, and these are not the times it was. */
    private static boolean wasEver(
            TruthHistory history, Reading reading, Duration beginAhead, Duration endAhead, Predicate<Truth> so) {
        Instant begin = reading.begin().minus(beginAhead);
        Instant end = reading.end().minus(endAhead);
        return !Duration.between(begin, end).isNegative()
                && Duration.between(begin, end).compareTo(LONGEST) < 0
                && history.wasEver(begin.minus(ROUNDING), end.plus(ROUNDING), so);
    }

    private static boolean holdsSeat(Truth truth, Map<String, Object> seat) {
        return truth.licenses().stream()
                .anyMatch(told -> told.deviceId().equals(seat.get("device_id"))
                        && told.userId().equals(seat.get("user_id")));
    }

    private static boolean hasUser(Truth truth, Map<String, Object> device) {
        return truth.devices().stream()
                .anyMatch(told -> told.deviceId().equals(device.get("device_id"))
                        && told.userId().equals(device.get("user_id")));
    }

    private static boolean isUsed(Truth truth, Map<String, Object> usage, String device) {
        return truth.usages().stream()
                .anyMatch(told -> told.userId().equals(usage.get("user_id"))
                        && told.appId().equals(usage.get("app_id"))
                        && told.deviceIds().contains(device));
    }
}
