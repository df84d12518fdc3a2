package dev.kandjistream.poller.kafka;

import dev.kandjistream.poller.domain.AccountRemoval;
import dev.kandjistream.poller.domain.CommandAnswer;
import dev.kandjistream.poller.domain.CommandsRead;
import dev.kandjistream.poller.domain.CompleteSweeps;
import dev.kandjistream.poller.domain.Decision;
import dev.kandjistream.poller.domain.Ledger;
import dev.kandjistream.poller.domain.Orders;
import dev.kandjistream.poller.domain.Verdict;
import dev.kandjistream.sweeps.SweepReceipt;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.producer.Producer;

/**
 * All null records of an account on their way out, in transactions like those of a sweep: after each, topics and ledger
 * agree, so that the retraction can be cut off anywhere and taken up again by whoever owns the account then.
 */
final class AccountRetraction {
    private final SweepPublisher.Lane lane;
    private final Producer<String, byte[]> producer;
    private final String accountId;
    private final Ledger ledger;
    private final CommandsRead answered;
    private SweepTransaction transaction;

    AccountRetraction(SweepPublisher.Lane lane, Producer<String, byte[]> producer, String accountId, Ledger ledger) {
        this.lane = lane;
        this.producer = producer;
        this.accountId = accountId;
        this.ledger = ledger;
        // Kept, so that an account of this id that comes later does not carry out old commands.
        answered = ledger.commands().owing(List.of());
    }

    /**
     * Sends everything but the receipts, and leaves the last transaction open for them.
     *
     * @return one of each kind of sweep, so that none is left that tells of what waits; one of them gives the answers owed
     */
    List<SweepReceipt> send() {
        long startedAt = lane.clock().getAsLong();
        List<Decision> decisions = AccountRemoval.decisions(ledger);
        Set<String> kinds = new TreeSet<>(ledger.complete().keySet());
        kinds.addAll(List.of(Ledger.DEVICES, Ledger.APPS));
        // Counted before the ledger is emptied.
        List<Verdict> verdicts = kinds.stream()
                .map(kind -> AccountRemoval.verdict(ledger, kind, decisions))
                .toList();
        List<SweepFacts> facts = kinds.stream()
                .map(kind -> SweepFacts.withoutSweep(accountId, kind, startedAt))
                .toList();
        Orders none = Orders.of(ledger, List.of(), startedAt);
        transaction =
                new SweepTransaction(lane, producer, ledger, none, ledger.destination(), facts.get(0), verdicts.get(0));
        transaction.send(ledger.commands());
        lane.broker()
                .send(producer, lane.ledgerStore().removed(accountId, answered, transaction.sweepId()), metadata -> {});
        var receipts = new ArrayList<SweepReceipt>();
        for (int i = 0; i < facts.size(); i++) {
            receipts.add(receipt(
                    facts.get(i), verdicts.get(i), i == 0 ? ledger.commands().owed() : List.of()));
        }
        return receipts;
    }

    private SweepReceipt receipt(SweepFacts facts, Verdict verdict, List<CommandAnswer> answers) {
        SweepReceipt receipt = Receipts.receipt(
                facts, verdict, transaction.sent(), lane.clock().getAsLong(), CompleteSweeps.NONE, answers);
        return SweepReceipt.newBuilder(receipt).setQuota(null).build();
    }

    /** @return what is known of the account from now on */
    Ledger commit() {
        transaction.commit();
        var empty = new Ledger();
        empty.commands(answered);
        return empty;
    }
}
