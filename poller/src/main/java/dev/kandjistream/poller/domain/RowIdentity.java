package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.Fingerprint;
import java.util.Locale;

/**
 * What makes an app row the same row after an update, in 64 bits: bundle id, path and name, each in bits of its own. So a row
 * that lost some of them is recognised by the others; there are a few hundred rows on a device.
 *
 * <pre>bundle id 22 | path 21 | name 21</pre>
 *
 * A part is 0 where the row has nothing in its place. The lowest bit of the bundle id says that it looks like one, that of the
 * name that it is the row's own: a row without a name goes by its bundle's name. The name belongs to the identity because usages
 * depend on it: an app that is renamed to a helper's name ends. Its case does not, because neither usages nor suppression depend
 * on it. The ledger stores these numbers, so they never change; a test pins them.
 */
final class RowIdentity {
    private static final int PART = 21;
    private static final long PATH = (1L << PART) - 1 << PART;
    private static final long NAME = (1L << PART) - 1;
    private static final long BUNDLE_ID = ~(PATH | NAME);
    /** Set where the bundle id looks like one, and where the name is the row's own. */
    private static final long REAL_BUNDLE_ID = 1L << 2 * PART;

    private static final long OWN_NAME = 1;
    private static final int FULL = 2;

    private RowIdentity() {}

    static long of(App app) {
        long bundleId = marked(App.visible(app.bundleId()), !app.lacksBundleId()) << 2 * PART;
        String path = App.visible(app.path());
        long pathPart = path == null ? 0 : nonZero(Fingerprint.of(path)) << PART & PATH;
        return bundleId | pathPart | name(app);
    }

    /** Of a row of the device of which nothing is known: no row has it, and none may be it for a field that it lacks. */
    static long unknown(String deviceId) {
        long print = Fingerprint.of("row of " + deviceId);
        long path = nonZero(print >>> PART) << PART & PATH;
        return (nonZero(print >>> 2 * PART) << 1 | 1) << 2 * PART | path | (nonZero(print) << 1 & NAME) | OWN_NAME;
    }

    private static long name(App app) {
        String own = App.visible(app.name());
        String name = own == null ? App.visible(app.bundleName()) : own;
        return marked(name == null ? null : name.toLowerCase(Locale.ROOT), own != null) & NAME;
    }

    /** A print whose lowest bit says something else; 0 for no text. */
    private static long marked(String text, boolean mark) {
        return text == null ? 0 : nonZero(Fingerprint.of(text)) << 1 & NAME | (mark ? 1 : 0);
    }

    /** At least one bit of the lowest twenty is set, so that a part of this is not 0. */
    private static long nonZero(long print) {
        return (print & NAME >> 1) == 0 ? print | 1 : print;
    }

    /**
     * Whether a row of a list may be a known row that lost fields. It lacks some that the known one has, and one of the others
     * agrees; where it lacks two of the three, what is left may differ.
     */
    static boolean mayBe(long row, long known) {
        int lost = 0;
        boolean agrees = false;
        for (long part : new long[] {BUNDLE_ID, PATH, NAME}) {
            boolean same = (row & part) == (known & part);
            agrees |= same && (row & part) != 0;
            lost += !same && level(row, part) < level(known, part) ? 1 : 0;
        }
        return lost > 1 || lost == 1 && agrees;
    }

    /** Whether the row differs from a known one only in that it lost its bundle id. */
    static boolean lostItsBundleId(long row, long known) {
        return level(row, BUNDLE_ID) < level(known, BUNDLE_ID) && ((row ^ known) & ~BUNDLE_ID) == 0;
    }

    /** Whether one of the three is missing, or is a text in its place. */
    static boolean isPartial(long row) {
        return level(row, BUNDLE_ID) < FULL || level(row, PATH) < FULL || level(row, NAME) < FULL;
    }

    /** How much there is of a part: nothing, a text in place of what it should be, or all. */
    private static int level(long row, long part) {
        if ((row & part) == 0) {
            return 0;
        }
        long mark = part == NAME ? OWN_NAME : part == BUNDLE_ID ? REAL_BUNDLE_ID : PATH;
        return (row & mark) == 0 ? 1 : FULL;
    }
}
