package dev.kandjistream.poller.domain;

import dev.kandjistream.poller.domain.CommandAnswer.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What commands come to. A republication means all records of the devices it names or of all. Every other means the absences that stand in the ledger at this moment, of the devices it names or of all,
 * whichever kind of sweep found them. An order is kept with its absence and ends with it. A topic that lost its records is
 * an order, too: to publish them again.
 */
public final class Orders {
    private final Ledger ledger;
    private final long now;
    private final Map<String, LedgerEntry> ordered = new HashMap<>();
    private final List<CommandAnswer> answers = new ArrayList<>();
    private boolean republishes;

    private Orders(Ledger ledger, long now) {
        this.ledger = ledger;
        this.now = now;
    }

    /**
     * As {@link #of(Ledger, List, long)}, where topics lost records of the account.
     *
     * @param lost which of them
     */
    public static Orders of(Ledger ledger, Destination.Lost lost, List<OperatorCommand> commands, long now) {
        var orders = new Orders(ledger, now);
        if (!lost.equals(Destination.Lost.NOTHING)) {
            orders.republish(orders.all(), lost);
        }
        commands.forEach(command -> orders.answers.add(orders.carryOut(command)));
        return orders;
    }

    /**
     * Carries out commands, one after the other, so that of two about one absence the later counts. The ledger stays as it
     * is.
     *
     * @param now milliseconds since 1970
     */
    public static Orders of(Ledger ledger, List<OperatorCommand> commands, long now) {
        return of(ledger, Destination.Lost.NOTHING, commands, now);
    }

    /** Whether records are to be published again. */
    public boolean republishes() {
        return republishes;
    }

    /** One for each command, in their order. */
    public List<CommandAnswer> answers() {
        return List.copyOf(answers);
    }

    /** The entries that orders changed, by device. */
    public Map<String, LedgerEntry> ordered() {
        return Map.copyOf(ordered);
    }

    /** The ledger as it is with the orders: to be judged by, not to be changed. */
    public Ledger ledger() {
        return ordered.isEmpty() ? ledger : ledger.with(ordered);
    }

    private CommandAnswer carryOut(OperatorCommand command) {
        if (command.action() == null) {
            return new CommandAnswer(command.id(), "", Outcome.UNREADABLE, 0);
        }
        Order order = command.order();
        if (order == null && !command.republishes()) {
            return new CommandAnswer(command.id(), command.action(), Outcome.UNKNOWN_ACTION, 0);
        }
        if (command.expired(now)) {
            return new CommandAnswer(command.id(), command.action(), Outcome.EXPIRED, 0);
        }
        if (command.republishes()) {
            long devices = republish(meant(command), Destination.Lost.EVERYTHING);
            return new CommandAnswer(command.id(), command.action(), Outcome.APPLIED, devices);
        }
        long devices = 0;
        for (String deviceId : meant(command)) {
            LedgerEntry known = ordered.getOrDefault(deviceId, ledger.entry(deviceId));
            LedgerEntry after = known.with(order);
            if (after != known) {
                ordered.put(deviceId, after);
                devices++;
            }
        }
        Outcome outcome = devices == 0 ? Outcome.NOTHING_WITHHELD : Outcome.APPLIED;
        return new CommandAnswer(command.id(), command.action(), outcome, devices);
    }

    private Collection<String> meant(OperatorCommand command) {
        if (!command.deviceIds().isEmpty()) {
            return Set.copyOf(command.deviceIds());
        }
        return all();
    }

    /** @return devices with a record */
    private long republish(Collection<String> deviceIds, Destination.Lost lost) {
        long devices = 0;
        for (String deviceId : deviceIds) {
            LedgerEntry known = ordered.getOrDefault(deviceId, ledger.entry(deviceId));
            LedgerEntry after = known.unpublished(lost);
            devices += known.device() != null || known.apps() != null ? 1 : 0;
            if (after != known) {
                ordered.put(deviceId, after);
            }
        }
        republishes |= devices > 0;
        return devices;
    }

    private List<String> all() {
        var all = new ArrayList<String>();
        ledger.buckets().forEach(bucket -> all.addAll(bucket.keySet()));
        return all;
    }
}
