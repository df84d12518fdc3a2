package dev.kandjistream.posture.domain;

import java.util.Locale;

/** Whether there is anything to decide on, and if not or hardly, why. */
public enum Connection {
    AVAILABLE(State.AVAILABLE),
    /** The account's last complete sweep of devices is older than allowed. */
    DATA_TOO_OLD(State.STALE),
    /** The account's last complete sweep of devices is in the future: how old it is cannot be told. */
    CLOCKS_DISAGREE(State.STALE),
    /** No account has a device with this serial number. */
    SERIAL_UNKNOWN(State.UNAVAILABLE),
    /** The account lists the device as removed. */
    DEVICE_REMOVED(State.UNAVAILABLE),
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

    /** @param now milliseconds since 1970 */
    static Connection of(Sighting sighting, long now) {
        if (sighting.device().isEmpty()) {
            return SERIAL_UNKNOWN;
        }
        if (sighting.device().get().enrolment().removed()) {
            return DEVICE_REMOVED;
        }
        if (sighting.source() == Source.LIVE) {
            // The account has just answered, whatever its last sweep came to.
            return AVAILABLE;
        }
        AccountState account = sighting.account().orElse(null);
        if (account == null) {
            return NEVER_COMPLETE;
        }
        if (account.refuses()) {
            return ACCOUNT_REFUSED;
        }
        if (!account.everSwept()) {
            return NEVER_COMPLETE;
        }
        if (account.isAhead(now)) {
            return CLOCKS_DISAGREE;
        }
        return account.age(now).compareTo(account.allowedAge()) > 0 ? DATA_TOO_OLD : AVAILABLE;
    }
}
