package dev.kandjistream.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.poller.Kind;
import dev.kandjistream.poller.PollSettings;
import dev.kandjistream.simulator.Tenant;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Accounts for tests that need one each. An account is swept for the first time when a test takes it. One that has recovered
 * is given to the next test; one that a failed test leaves behind is not.
 */
final class Accounts {
    private final List<Account> all;
    private final Deque<Account> untouched;
    private final Deque<Account> recovered = new ArrayDeque<>();

    private Accounts(List<Account> all) {
        this.all = all;
        untouched = new ArrayDeque<>(all);
    }

    /** Newer tenants on the machine's clock, which polls between full sweeps use. */
    static Accounts of(String name, int count, PollSettings settings, UnaryOperator<Tenant> shape) {
        return new Accounts(IntStream.range(0, count)
                .mapToObj(i -> Account.start(
                        shape.apply(Tenant.us(name + i, 100 + i)
                                .withBase(Instant.now())
                                .withClock(InstantSource.system())),
                        settings))
                .toList());
    }

    List<Account> all() {
        return all;
    }

    Subject next(Stack stack) {
        if (!recovered.isEmpty()) {
            return new Subject(stack, recovered.remove(), recovered::add);
        }
        Account account = untouched.remove();
        for (Kind kind : List.of(Kind.DEVICES, Kind.APPS)) {
            assertThat(stack.sweep(account, kind).getVerdict())
                    .as("first sweep")
                    .isEqualTo("COMPLETE");
        }
        return new Subject(stack, account, recovered::add);
    }
}
