package dev.kandjistream.kandji.domain;

/**
 * The 64-bit hashes by which the ledger knows what was published. They are stored for years: the functions never
 * change, and a test pins their values. FNV-1a over UTF-16 code units, finished with Murmur3's 64-bit mixer; both are
 * public domain. At 64 bits one change in 10^19 would go unseen.
 */
public final class Fingerprint {
    /** The print of a text that is null or blank. */
    public static final long NOTHING = 0x9E3779B97F4A7C15L;

    private static final long OFFSET_BASIS = 0xCBF29CE484222325L;
    private static final long PRIME = 0x100000001B3L;

    private Fingerprint() {}

    /** The print of a text, null included. */
    public static long of(String text) {
        if (text == null) {
            return NOTHING;
        }
        long hash = OFFSET_BASIS;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * PRIME;
        }
        return mix(hash);
    }

    /** As {@link #of(String)}, of text in a buffer. */
    public static long of(char[] buffer, int offset, int length) {
        long hash = OFFSET_BASIS;
        for (int i = offset; i < offset + length; i++) {
            hash = (hash ^ buffer[i]) * PRIME;
        }
        return mix(hash);
    }

    /** The print of two prints in this order. Where order must not count, add prints instead. */
    public static long ordered(long first, long second) {
        return mix(first * PRIME + Long.rotateLeft(second, 31));
    }

    /** Spreads every bit over all 64, so that sums of prints stay as telling as the prints. */
    public static long mix(long bits) {
        long mixed = (bits ^ bits >>> 33) * 0xFF51AFD7ED558CCDL;
        mixed = (mixed ^ mixed >>> 33) * 0xC4CEB9FE1A85EC53L;
        return mixed ^ mixed >>> 33;
    }
}
