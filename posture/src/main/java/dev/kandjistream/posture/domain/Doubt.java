package dev.kandjistream.posture.domain;

import java.util.List;

/**
 * Unconfirmed parts of an enrolment: the latest facts contradict them, or could not be read.
 *
 * @param connection why the enrolment as a whole is not confirmed; null if only single attributes are in doubt
 * @param missing attributes whose value is not confirmed, as bits
 */
public record Doubt(Connection connection, long missing) {
    /** Everything is confirmed. */
    public static final Doubt NONE = new Doubt(null, 0);

    /** Of two reasons the later one in this list counts. */
    private static final List<Connection> BY_WEIGHT = List.of(
            Connection.ROW_UNREADABLE,
            Connection.RECORD_UNDECODABLE,
            Connection.ABSENT_WITHHELD,
            Connection.DEVICE_REMOVED);

    public Doubt {
        if (connection != null && !BY_WEIGHT.contains(connection)) {
            throw new IllegalArgumentException("expected a reason of a single device, found " + connection);
        }
    }

    /** The enrolment as a whole is in doubt. */
    public static Doubt because(Connection connection) {
        return new Doubt(connection, 0);
    }

    public boolean isNone() {
        return connection == null && missing == 0;
    }

    /** Whether the attribute's value is not confirmed. */
    public boolean concerns(Attribute attribute) {
        return (missing & attribute.bit()) != 0;
    }

    /** Both together: the weightier reason, and the missing attributes of both. */
    public Doubt and(Doubt other) {
        if (other.isNone() || equals(other)) {
            return this;
        }
        return isNone() ? other : new Doubt(weightier(connection, other.connection), missing | other.missing);
    }

    private static Connection weightier(Connection one, Connection other) {
        return weight(one) >= weight(other) ? one : other;
    }

    private static int weight(Connection connection) {
        return connection == null ? -1 : BY_WEIGHT.indexOf(connection);
    }
}
