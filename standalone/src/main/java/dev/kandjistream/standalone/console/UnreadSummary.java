package dev.kandjistream.standalone.console;

import dev.kandjistream.sweeps.SweepReceipt;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Counts the devices that a receipt lists as unread by what is wrong with them. The receipt counts devices of which only the id
 * can be read, and devices whose record is too large. It lists these and devices with a single unreadable field, 1,000 together
 * or less.
 */
final class UnreadSummary {
    /** A receipt that lists so many may leave out others. */
    private static final int MOST_LISTED = 1_000;

    private static final String LIST = "unread_devices";

    private final boolean devices;
    private final long unread;
    private final long oversized;
    private final long listed;
    private final boolean whole;

    UnreadSummary(SweepReceipt receipt) {
        devices = receipt.getKind().equals("devices");
        unread = receipt.getUnread();
        oversized = receipt.getOversized();
        listed = receipt.getUnreadDevices().size();
        whole = listed < MOST_LISTED && !receipt.getCutLists().contains(LIST);
    }

    boolean isEmpty() {
        return total() == 0;
    }

    /** Every device with one of the problems, as far as the receipt says. */
    private long total() {
        return Math.max(listed, unread + oversized);
    }

    /** Devices of which no number is told: they are listed only. */
    private long withFields() {
        return total() - unread - oversized;
    }

    String counts() {
        boolean least = !whole && withFields() > 0;
        List<String> parts = new ArrayList<>();
        if (unread > 0) {
            parts.add(number(unread, false)
                    + (devices ? " of which only the id can be read" : " with rows that cannot be read"));
        }
        if (withFields() > 0) {
            parts.add(number(withFields(), least) + " with a field that cannot be read");
        }
        if (oversized > 0) {
            parts.add(number(oversized, false) + " whose record is too large");
        }
        String total = number(total(), least) + (total() == 1 ? " device" : " devices");
        // Of a single problem the total is its number.
        return parts.size() == 1
                ? total + parts.get(0).substring(number(total(), least).length())
                : total + ": " + String.join(", ", parts);
    }

    /** @param shown how many devices stand above at most */
    Optional<String> more(int shown) {
        long more = total() - Math.min(shown, listed);
        long inJson = Math.max(0, listed - shown);
        if (more == 0) {
            return Optional.empty();
        }
        String where = inJson == 0
                ? "not listed in the receipt"
                : inJson < more
                        ? "the first " + number(inJson, false) + " of them in --output json"
                        : "see --output json";
        return Optional.of("and " + number(more, false) + " more, " + where);
    }

    private static String number(long number, boolean least) {
        return (least ? "at least " : "") + String.format(Locale.ROOT, "%,d", number);
    }
}
