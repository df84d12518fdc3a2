package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.Moment;
import java.time.Duration;
import java.util.Set;

/**
 * What an operator asked for.
 *
 * @param action {@code approve}, {@code reject} or {@code republish}, as written; null where the command could not be read
 * @param deviceIds whose withheld retractions or records are meant; empty: all
 * @param issuedAt milliseconds since 1970
 */
public record OperatorCommand(String id, String action, Set<String> deviceIds, long issuedAt) {
    /** So long after it was issued it is carried out; what its author looked at is long past then. */
    static final Duration VALID = Duration.ofHours(24);

    private static final String APPROVE = "approve";
    private static final String REJECT = "reject";
    private static final String REPUBLISH = "republish";

    /** One of which nothing but its id is known. */
    public static OperatorCommand unreadable(String id) {
        return new OperatorCommand(id, null, Set.of(), Moment.UNKNOWN);
    }

    /** Whether records are to be published again. */
    boolean republishes() {
        return REPUBLISH.equals(action);
    }

    /** Null where the action decides about no withheld retraction. */
    Order order() {
        return APPROVE.equals(action) ? Order.APPROVED : REJECT.equals(action) ? Order.REJECTED : null;
    }

    boolean expired(long now) {
        return now - issuedAt > VALID.toMillis();
    }
}
