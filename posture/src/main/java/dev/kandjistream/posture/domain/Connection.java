package dev.kandjistream.posture.domain;

import java.util.Arrays;
import java.util.Locale;

/** Whether there is anything to decide on, and if not or hardly, why. */
public enum Connection {
    AVAILABLE(State.AVAILABLE),
    /** The account's latest fully read sweep of devices is older than allowed. */
    DATA_TOO_OLD(State.STALE),
    /** The account's latest fully read sweep of devices started in the future, so its age is unknown. */
    CLOCKS_DISAGREE(State.STALE),
    /** The account lists the device, but only its id could be read, or its removal flag or serial number is not confirmed. */
    ROW_UNREADABLE(State.STALE),
    /** The latest record about the device, or the latest receipt of its account, cannot be decoded. */
    RECORD_UNDECODABLE(State.STALE),
    /** Several devices have this serial number, and which one was in use last is not known. */
    SERIAL_AMBIGUOUS(State.STALE),
    /** No account has a device with this serial number. */
    SERIAL_UNKNOWN(State.UNAVAILABLE),
    /** The requested text is a placeholder for a serial number that was never set: it belongs to no device. */
    SERIAL_PLACEHOLDER(State.UNAVAILABLE),
    /** The account lists the device as removed. */
    DEVICE_REMOVED(State.UNAVAILABLE),
    /** The account does not list the device any more, and its retraction is withheld or was rejected. */
    ABSENT_WITHHELD(State.UNAVAILABLE),
    /** Kandji refuses the account's token. */
    ACCOUNT_REFUSED(State.UNAVAILABLE),
    /** No sweep of the account's devices has ever been complete. */
    NEVER_COMPLETE(State.UNAVAILABLE);

    /** What a policy asks for. */
    public enum State {
        AVAILABLE,
        STALE,
        UNAVAILABLE;

        /** As policies and answers say it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final State state;

    Connection(State state) {
        this.state = state;
    }

    public State state() {
        return state;
    }

    /** Why it is not available, as policies and answers say it; empty text where it is. */
    public String reason() {
        return this == AVAILABLE ? "" : name().toLowerCase(Locale.ROOT);
    }

    /**
     * The state that a reason belongs to.
     *
     * @param reason one of {@link #reason()}
     */
    public static State stateOf(String reason) {
        return Arrays.stream(values())
                .filter(connection -> connection.reason().equals(reason))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("expected a known reason, found " + reason))
                .state();
    }

    /** @param now milliseconds since 1970 */
    static Connection of(Sighting sighting, long now) {
        if (sighting.device().isEmpty()) {
            return sighting.placeholder() ? SERIAL_PLACEHOLDER : SERIAL_UNKNOWN;
        }
        Enrolment device = sighting.device().get().enrolment();
        Connection own = device.removed() ? DEVICE_REMOVED : device.doubt().connection();
        if (own != null && own.state == State.UNAVAILABLE) {
            return own;
        }
        // A live answer comes from the account itself, whatever the result of its last sweep.
        Connection accounts = sighting.source() == Source.LIVE
                ? AVAILABLE
                : ofAccount(sighting.account().orElse(null), now);
        Connection reason = own == null || accounts.state == State.UNAVAILABLE ? accounts : own;
        return reason == AVAILABLE && sighting.device().get().isUnordered(now) ? SERIAL_AMBIGUOUS : reason;
    }

    private static Connection ofAccount(AccountState account, long now) {
        if (account == null) {
            return NEVER_COMPLETE;
        }
        if (account.refuses()) {
            return ACCOUNT_REFUSED;
        }
        if (!account.everSwept()) {
            return NEVER_COMPLETE;
        }
        if (account.isUnclear()) {
            return RECORD_UNDECODABLE;
        }
        if (account.isAhead(now)) {
            return CLOCKS_DISAGREE;
        }
        return account.age(now).compareTo(account.allowedAge()) > 0 ? DATA_TOO_OLD : AVAILABLE;
    }
}
