package dev.kandjistream.standalone.run;

import dev.kandjistream.poller.Kind;
import dev.kandjistream.sweeps.CommandAnswer;
import dev.kandjistream.sweeps.SweepReceipt;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What becomes of the command to publish an account again, by its receipts. */
public final class Republication {
    private static final Set<String> READ_TO_THE_END = Set.of("COMPLETE", "QUARANTINED");

    private final String account;
    private final String commandId;
    private CommandAnswer answer;
    private final Map<String, SweepReceipt> full = new TreeMap<>();

    public Republication(String account, String commandId) {
        this.account = account;
        this.commandId = commandId;
    }

    public String account() {
        return account;
    }

    /**
     * Takes in one receipt after the other.
     *
     * @return whether it has to do with the command
     */
    public boolean take(SweepReceipt receipt) {
        if (!receipt.getAccountId().equals(account) || ended()) {
            return false;
        }
        if (answer == null) {
            answer = answer(receipt).orElse(null);
        }
        if (answer == null) {
            return false;
        }
        boolean isFull = receipt.getKind().equals(Kind.DEVICES.word())
                || receipt.getKind().equals(Kind.APPS.word());
        if (isFull && READ_TO_THE_END.contains(receipt.getVerdict())) {
            full.put(receipt.getKind(), receipt);
        }
        return isFull || answer(receipt).isPresent();
    }

    private Optional<CommandAnswer> answer(SweepReceipt receipt) {
        return receipt.getAnswers().stream()
                .filter(given -> given.getCommandId().equals(commandId))
                .findFirst();
    }

    /** Whether nothing more is to come. */
    public boolean ended() {
        return refusal().isPresent() || full.size() == 2;
    }

    /** Why the poller does not do it; empty where it does, or has not answered. */
    public Optional<String> refusal() {
        return answer == null || answer.getOutcome().equals("APPLIED")
                ? Optional.empty()
                : Optional.of(answer.getOutcome());
    }

    /** Devices whose record of a kind could not be published again yet, by kind. */
    public Map<String, Long> unpublished() {
        var left = new TreeMap<String, Long>();
        full.forEach((kind, receipt) -> {
            if (receipt.getUnpublished() > 0) {
                left.put(kind, receipt.getUnpublished());
            }
        });
        return left;
    }

    /** Whether everything was published again. */
    public boolean isWhole() {
        return ended() && refusal().isEmpty() && unpublished().isEmpty();
    }

    /** What has not come yet, in words. */
    public String waitsFor() {
        return account + ": "
                + (answer == null
                        ? "the poller has not answered"
                        : "no full sweep of "
                                + (full.containsKey(Kind.DEVICES.word()) ? "the apps" : "the devices")
                                + " since");
    }
}
