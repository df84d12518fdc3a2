package dev.kandjistream.schemas;

/**
 * Headers of a null record in the raw topics, which has no value to say it: which sweep found the device gone, and when.
 * Both are UTF-8 text; a null record may lack them.
 */
public final class TombstoneHeaders {
    /** The sweep whose transaction carries the record. */
    public static final String SWEEP_ID = "sweep_id";

    /** When the absence was judged, milliseconds since 1970 in decimal digits. */
    public static final String OBSERVED_AT = "observed_at";

    private TombstoneHeaders() {}
}
