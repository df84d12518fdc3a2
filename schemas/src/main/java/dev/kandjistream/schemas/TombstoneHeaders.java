package dev.kandjistream.schemas;

/**
 * Headers of a null record in the raw topics, which has no value to say it: which sweep found the device gone, when, and
 * why where that is not the device's own end. All are UTF-8 text; a null record may lack them.
 */
public final class TombstoneHeaders {
    /** The sweep whose transaction carries the record. */
    public static final String SWEEP_ID = "sweep_id";

    /** When the absence was judged, milliseconds since 1970 in decimal digits. */
    public static final String OBSERVED_AT = "observed_at";

    /** Why the record stands there, one of the contract's causes; absent where the device itself is gone. */
    public static final String CAUSE = "cause";

    /** Value of {@link #CAUSE}: the whole account was removed, and its data was to go with it. */
    public static final String ACCOUNT_REMOVED = "ACCOUNT_REMOVED";

    /** Value of {@link #CAUSE}: the same hardware is enrolled under another device id, for the same user. */
    public static final String DEVICE_REENROLLED = "DEVICE_REENROLLED";

    private TombstoneHeaders() {}
}
