package dev.kandjistream.poller.kafka;

import dev.kandjistream.sweeps.SweepReceipt;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Cuts the lists of a receipt until it fits into its topic: always the longest one, to half of it. The counts stay. Answers to
 * commands go last, because no other receipt gives them.
 */
final class ReceiptCut {
    static final String WITHHELD = "withheld_retractions";
    static final String UNREAD = "unread_devices";
    static final String SHAPE = "shape";
    static final String ANSWERS = "answers";

    private ReceiptCut() {}

    /** @return the receipt itself where it fits; one without lists where nothing else does */
    static SweepReceipt fitting(SweepReceipt receipt, Predicate<SweepReceipt> fits) {
        SweepReceipt fitting = receipt;
        while (!fits.test(fitting)) {
            SweepReceipt shorter = shorter(fitting);
            if (shorter == null) {
                return fitting;
            }
            fitting = shorter;
        }
        return fitting;
    }

    private static SweepReceipt shorter(SweepReceipt receipt) {
        int withheld = receipt.getWithheldRetractions().size();
        int unread = receipt.getUnreadDevices().size();
        int shape = receipt.getShape().size();
        int longest = Math.max(withheld, Math.max(unread, shape));
        var shorter = SweepReceipt.newBuilder(receipt);
        if (longest == 0) {
            if (receipt.getAnswers().isEmpty()) {
                return null;
            }
            shorter.setAnswers(half(receipt.getAnswers())).setCutLists(named(receipt, ANSWERS));
        } else if (longest == withheld) {
            shorter.setWithheldRetractions(half(receipt.getWithheldRetractions()))
                    .setCutLists(named(receipt, WITHHELD));
        } else if (longest == unread) {
            shorter.setUnreadDevices(half(receipt.getUnreadDevices())).setCutLists(named(receipt, UNREAD));
        } else {
            shorter.setShape(half(receipt.getShape())).setCutLists(named(receipt, SHAPE));
        }
        return shorter.build();
    }

    private static <T> List<T> half(List<T> list) {
        return new ArrayList<>(list.subList(0, list.size() / 2));
    }

    private static List<String> named(SweepReceipt receipt, String list) {
        var names = new TreeSet<>(receipt.getCutLists());
        names.add(list);
        return List.copyOf(names);
    }
}
