package dev.kandjistream.kandji.http;

import static dev.kandjistream.kandji.http.QuotaGovernor.LONGEST_WAIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuotaGovernorTest {
    private final TestClock clock = new TestClock();
    private final QuotaGovernor governor = new QuotaGovernor(10_000, 0.5, 20, clock);

    private static HttpHeaders headers(Map<String, String> values) {
        var lists = new TreeMap<String, List<String>>();
        values.forEach((name, value) -> lists.put(name, List.of(value)));
        return HttpHeaders.of(lists, (name, value) -> true);
    }

    private void spend(int requests) throws Exception {
        for (int i = 0; i < requests; i++) {
            governor.acquire("GET /prism/apps", Urgency.CHANGES, LONGEST_WAIT);
        }
    }

    @Test
    void noSecondSeesMoreThanItsShare() throws Exception {
        spend(20);
        assertThat(clock.waited()).isZero();
        spend(20);
        assertThat(clock.waited()).isBetween(Duration.ofMillis(800), Duration.ofMillis(1100));
    }

    @Test
    void noHourSeesMoreThanItsShareWhateverIsAsked() throws Exception {
        spend(5_000);
        // A fifth at once, at 20 a second; four fifths over the hour.
        assertThat(clock.waited()).isGreaterThan(Duration.ofMinutes(59));
        assertThat(governor.quota().spent()).isLessThanOrEqualTo(5_000);
        assertThat(governor.quota().limit()).isEqualTo(5_000);
    }

    /** A clock that is set while requests go on. */
    @ParameterizedTest
    @ValueSource(longs = {-86_400, -3_600, 3_600, 86_400 * 365})
    void aClockThatIsSetNeitherRefillsTheBudgetNorStopsRequests(long seconds) throws Exception {
        var set = new SetClock();
        var tenant = new QuotaGovernor(10_000, 0.5, 1_000, set);
        for (int i = 0; i < 1_000; i++) {
            tenant.acquire("GET /devices", Urgency.DEVICES, LONGEST_WAIT);
        }
        assertThat(goesAtOnce(tenant)).isFalse();
        tenant.stop(Duration.ofSeconds(1));
        set.by = Duration.ofSeconds(seconds);
        assertThat(goesAtOnce(tenant)).isFalse();
        assertThat(tenant.quota().spent()).isEqualTo(1_000);
        set.steady += Duration.ofSeconds(2).toNanos();
        assertThat(goesAtOnce(tenant)).isTrue();
    }

    private static boolean goesAtOnce(QuotaGovernor tenant) throws InterruptedException {
        try {
            tenant.acquire("GET", Urgency.DEVICES, Duration.ZERO);
            return true;
        } catch (ApiException stopped) {
            return false;
        }
    }

    private static final class SetClock implements Waiting {
        private long steady = -5;
        private Duration by = Duration.ZERO;

        @Override
        public Instant now() {
            return Instant.parse("2025-03-01T10:20:00Z").plusNanos(steady).plus(by);
        }

        @Override
        public long steadyNanos() {
            return steady;
        }

        @Override
        public void pause(Duration time) {
            throw new AssertionError("waits " + time);
        }
    }

    @Test
    void theApisOwnLimitCorrectsTheAssumedOne() {
        governor.heed(headers(Map.of("x-ratelimit-limit-hour", "2000", "X-RateLimit-Remaining-Hour", "1900")));
        assertThat(governor.quota().limit()).isEqualTo(1_000);
        assertThat(governor.quota().remaining()).hasValue(1_900);
    }

    @Test
    void aBudgetSpentByOthersStopsUntilTheNextHour() throws Exception {
        goTo(Duration.ofMinutes(10));
        governor.heed(headers(Map.of("X-RateLimit-Remaining-Hour", "1000")));
        assertThat(goes(governor, Urgency.CHANGES)).isFalse();
        goTo(Duration.ZERO);
        assertThat(goes(governor, Urgency.CHANGES)).isTrue();
    }

    /** To that moment of the clock's next hour: the gateway's hours are the clock's, and tests run at any time of them. */
    private void goTo(Duration afterTheHour) {
        var now = clock.now();
        var nextHour = now.truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
        clock.advance(Duration.between(now, nextHour.plus(afterTheHour)));
    }

    @Test
    void theLastOfTheBudgetIsForTheMostUrgent() throws Exception {
        var slowedAt = new EnumMap<Urgency, Long>(Urgency.class);
        for (Urgency urgency : Urgency.values()) {
            // As long as there is enough, a request waits for its turn within the second and no longer.
            while (spends(urgency) && governor.quota().spent() < 2_000) {
                slowedAt.put(urgency, governor.quota().spent());
            }
        }
        // Of the thousand that may be spent at once, and the four thousand an hour that come after.
        assertThat(slowedAt.get(Urgency.SWEEP_OF_APPS)).isBetween(800L, 870L);
        assertThat(slowedAt.get(Urgency.CHANGES)).isBetween(900L, 980L);
        assertThat(slowedAt.get(Urgency.DEVICES)).isBetween(1_000L, 1_090L);
    }

    private boolean spends(Urgency urgency) throws Exception {
        Duration before = clock.waited();
        governor.acquire("GET", urgency, LONGEST_WAIT);
        return clock.waited().minus(before).compareTo(Duration.ofMillis(200)) < 0;
    }

    @Test
    void whatOthersSpendStopsSweepsOfAppsFirstAndTheDeviceListLast() throws Exception {
        goTo(Duration.ofMinutes(10));
        var order = Map.of(2_100, 3, 2_000, 2, 1_100, 2, 1_000, 1, 200, 1, 100, 0);
        for (var remaining : order.entrySet()) {
            var tenant = new QuotaGovernor(10_000, 0.5, 20, clock);
            tenant.heed(headers(Map.of("X-RateLimit-Remaining-Hour", String.valueOf(remaining.getKey()))));
            var going = new ArrayList<Urgency>();
            for (Urgency urgency : Urgency.values()) {
                if (goes(tenant, urgency)) {
                    going.add(urgency);
                }
            }
            assertThat(going)
                    .as("at %d remaining", remaining.getKey())
                    .isEqualTo(List.of(Urgency.values()).subList(3 - remaining.getValue(), 3));
        }
    }

    private static boolean goes(QuotaGovernor tenant, Urgency urgency) throws InterruptedException {
        try {
            tenant.acquire("GET", urgency, LONGEST_WAIT);
            return true;
        } catch (ApiException stopped) {
            assertThat(stopped.connection()).isEqualTo(Connection.RATE_LIMITED);
            return false;
        }
    }

    @Test
    void requestsAreCountedByWhatTheyAreFor() throws Exception {
        governor.acquire("GET", Urgency.DEVICES, LONGEST_WAIT);
        governor.acquire("GET", Urgency.CHANGES, LONGEST_WAIT);
        governor.acquire("GET", Urgency.CHANGES, LONGEST_WAIT);
        assertThat(governor.spent(Urgency.CHANGES)).isEqualTo(2);
        assertThat(governor.spent(Urgency.SWEEP_OF_APPS)).isZero();
        assertThat(governor.quota().spent()).isEqualTo(3);
    }

    @Test
    void theLimitOfTheSecondIsNoLimitOfTheHour() throws Exception {
        governor.heed(headers(Map.of(
                "RateLimit-Limit",
                "50",
                "RateLimit-Remaining",
                "0",
                "RateLimit-Reset",
                "1",
                "X-RateLimit-Limit-Second",
                "50",
                "X-RateLimit-Remaining-Second",
                "0")));
        governor.acquire("GET /prism/apps", Urgency.CHANGES, LONGEST_WAIT);
        assertThat(clock.waited()).isZero();
        assertThat(governor.quota().limit()).isEqualTo(5_000);
        assertThat(governor.quota().remaining()).isEmpty();
    }

    @Test
    void garbledHeadersAreNoHeaders() {
        governor.heed(headers(Map.of("X-RateLimit-Limit-Hour", "many", "X-RateLimit-Remaining-Hour", "")));
        assertThat(governor.quota().limit()).isEqualTo(5_000);
        assertThat(governor.quota().remaining()).isEmpty();
    }

    @Test
    void spentRequestsAreForgottenAfterAnHour() throws Exception {
        spend(30);
        assertThat(governor.quota().spent()).isEqualTo(30);
        clock.advance(Duration.ofMinutes(61));
        assertThat(governor.quota().spent()).isZero();
    }

    @Test
    void whoeverDoesNotWaitIsRefusedAtOnceAndSpendsNothing() throws Exception {
        spend(20);
        var refusal =
                catchThrowableOfType(ApiException.class, () -> governor.acquire("GET", Urgency.DEVICES, Duration.ZERO));
        assertThat(refusal.connection()).isEqualTo(Connection.RATE_LIMITED);
        assertThat(clock.waited()).isZero();
        assertThat(governor.quota().spent()).isEqualTo(20);
        clock.advance(Duration.ofSeconds(1));
        governor.acquire("GET", Urgency.DEVICES, Duration.ZERO);
        assertThat(governor.quota().spent()).isEqualTo(21);
    }

    @Test
    void aWaitWithinWhatIsAllowedIsWaitedAndALongerOneIsNot() {
        governor.stop(Duration.ofSeconds(10));
        assertThat(catchThrowableOfType(
                        ApiException.class, () -> governor.acquire("GET", Urgency.DEVICES, Duration.ofSeconds(5))))
                .hasMessageContaining("9 seconds");
        assertThat(clock.waited()).isZero();
        assertThatCode(() -> governor.acquire("GET", Urgency.DEVICES, Duration.ofSeconds(10)))
                .doesNotThrowAnyException();
        assertThat(clock.waited()).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(10));
    }

    @Test
    void waitingEndsWhenItsThreadIsInterrupted() throws Exception {
        var waits = new CountDownLatch(1);
        var tenant = new QuotaGovernor(10_000, 0.5, 20, new Waiting() {
            @Override
            public Instant now() {
                return REAL.now();
            }

            @Override
            public void pause(Duration time) throws InterruptedException {
                waits.countDown();
                REAL.pause(time);
            }
        });
        tenant.stop(Duration.ofMinutes(4));
        var end = new CompletableFuture<Void>();
        var asker = new Thread(() -> {
            try {
                tenant.acquire("GET", Urgency.DEVICES, LONGEST_WAIT);
                end.complete(null);
            } catch (ApiException | InterruptedException ended) {
                end.completeExceptionally(ended);
            }
        });
        asker.start();
        assertThat(waits.await(10, TimeUnit.SECONDS)).isTrue();
        asker.interrupt();
        assertThat(end)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(InterruptedException.class);
        assertThat(tenant.quota().spent()).isZero();
    }
}
