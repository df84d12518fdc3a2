package dev.kandjistream.poller.kafka;

import dev.kandjistream.poller.domain.CommandsRead;
import dev.kandjistream.poller.domain.CompleteSweeps;
import dev.kandjistream.poller.domain.Destination;
import dev.kandjistream.poller.domain.Filled;
import dev.kandjistream.poller.domain.Findings;
import dev.kandjistream.poller.domain.Ledger;
import dev.kandjistream.poller.domain.Orders;
import dev.kandjistream.poller.domain.RecentlyAdded;
import dev.kandjistream.poller.domain.Retractions;
import dev.kandjistream.poller.domain.TenantChange;
import dev.kandjistream.poller.domain.Verdict;
import dev.kandjistream.raw.RawDevice;
import dev.kandjistream.raw.RawDeviceApps;
import dev.kandjistream.schemas.Keys;
import dev.kandjistream.schemas.RecordLimits;
import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.TopicLimitException;
import dev.kandjistream.schemas.TopicMismatchException;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.TrustedSerdes;
import dev.kandjistream.sweeps.SweepReceipt;
import dev.kandjistream.unconfirmed.Unconfirmed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the sweeps of the accounts of one ledger partition, one at a time: judges under the same lock under which it
 * publishes, so that each verdict stands on the ledger that all transactions before it left. A transaction carries raw
 * records, tombstones, ledger and receipt, or nothing. Whatever fails, the producer is given up: the next
 * {@link #open} starts a new one, which ends the open transaction, and reads the ledger again, which tells what became of
 * it. So an unknown outcome of a commit is no special case.
 */
public final class SweepPublisher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SweepPublisher.class);

    /** Of values before compression; a broker takes that in a second or two. */
    private static final long BYTES_PER_TRANSACTION = 32 << 20;

    private static final Duration CLOSE_TIME = Duration.ofSeconds(5);

    private final Topics topics;
    private final Map<String, Object> kafka;
    private final int partition;
    private final LongSupplier clock;
    private final Membership membership;
    private final LedgerStore store;
    private final CommandLog commands;
    private final Destinations destinations;
    private final String transactionalId;
    private final SweepIds ids = new SweepIds();
    private final Serializer<SweepReceipt> receiptSerializer;
    private final Lane lane;
    private final RecordLimits limits;
    private final Map<String, Ledger> ledgers = new HashMap<>();
    /** Accounts whose ledger was made anew, until that is reported with a sweep. */
    private final Set<String> recovered = new HashSet<>();

    private final QuietReceipts quiet = new QuietReceipts();
    private Producer<String, byte[]> producer;
    private final AtomicLong givenAway = new AtomicLong();
    private volatile boolean open;

    /**
     * @param kafka client properties, the registry's included
     * @param clock milliseconds since 1970
     * @param membership says whether the partition is this process's, and commits in its name
     * @param commands of all accounts of this process; the caller's to close
     * @param destinations of all accounts of this process; the caller's to close
     * @param limits of {@link #topics}, shared by all publishers of this process
     * @throws org.apache.kafka.common.config.ConfigException where the properties are wrong; connects to nothing yet
     */
    public SweepPublisher(
            Topics topics,
            Map<String, Object> kafka,
            int partition,
            LongSupplier clock,
            Membership membership,
            CommandLog commands,
            Destinations destinations,
            RecordLimits limits) {
        this(topics, kafka, partition, clock, membership, commands, destinations, limits, BYTES_PER_TRANSACTION);
    }

    SweepPublisher(
            Topics topics,
            Map<String, Object> kafka,
            int partition,
            LongSupplier clock,
            Membership membership,
            CommandLog commands,
            Destinations destinations,
            RecordLimits limits,
            long bytesPerTransaction) {
        this.topics = topics;
        this.kafka = kafka;
        this.partition = partition;
        this.clock = clock;
        this.membership = membership;
        this.limits = limits;
        store = new LedgerStore(topics, partition, kafka, limits);
        this.commands = commands;
        this.destinations = destinations;
        transactionalId = topics.pollerGroup() + "-" + partition;
        // Wrong settings stop the service here, not in the middle of waiting for a broker.
        var checked = producerProperties();
        checked.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
        checked.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        new ProducerConfig(checked);
        // Ids of a registry that is not the topics' own would mean something else once the right one is back.
        var serdes = new TrustedSerdes(topics, kafka);
        receiptSerializer = serdes.serializer(topics.sweeps());
        lane = new Lane(
                topics.rawDevices().name(),
                topics.rawApps().name(),
                topics.unconfirmed().name(),
                serdes.serializer(topics.rawDevices()),
                serdes.serializer(topics.rawApps()),
                serdes.serializer(topics.unconfirmed()),
                store,
                limits,
                new ToBroker(limits),
                new TopicPartition(topics.ledger().name(), partition),
                membership,
                bytesPerTransaction,
                ids,
                clock,
                new LedgerPlace());
    }

    /** What a transaction needs from its publisher. */
    record Lane(
            String rawDevices,
            String rawApps,
            String unconfirmed,
            Serializer<RawDevice> deviceSerializer,
            Serializer<RawDeviceApps> appsSerializer,
            Serializer<Unconfirmed> unconfirmedSerializer,
            LedgerStore ledgerStore,
            RecordLimits limits,
            ToBroker broker,
            TopicPartition ledgerPartition,
            Membership membership,
            long bytesPerTransaction,
            SweepIds ids,
            LongSupplier clock,
            LedgerPlace place) {
        String nextSweepId() {
            return ids.next(clock.getAsLong());
        }
    }

    /** Names of the topics that transactions write to. */
    public static List<String> topics(Topics topics) {
        return Stream.of(topics.rawDevices(), topics.rawApps(), topics.unconfirmed(), topics.sweeps(), topics.ledger())
                .map(Topic::name)
                .toList();
    }

    /** The ledger partition of an account, and so its publisher. */
    public static int partitionOf(String accountId) {
        return LedgerStore.partitionOf(accountId);
    }

    /**
     * Makes sure that the partition is this process's, takes the transactional id, then reads the ledger; nothing where
     * that is done.
     *
     * @throws NotOwnerException where another process owns the partition
     * @throws dev.kandjistream.schemas.TopicLimitException while a topic allows only records that are too small
     * @throws org.apache.kafka.common.KafkaException while the broker cannot be reached
     */
    public void open() throws InterruptedException {
        long before = givenAway.get();
        // Not under the lock: the group's thread answers this, and takes the lock when it gives the partition away.
        if (!open && !membership.confirm(partition)) {
            throw new NotOwnerException(partition);
        }
        openUnless(before);
    }

    /** @param before how often the partition had been given away when it was this process's */
    private synchronized void openUnless(long before) {
        if (givenAway.get() != before) {
            throw new NotOwnerException(partition);
        }
        if (open) {
            return;
        }
        giveUp();
        limits.follow();
        limits.requireEnough();
        Producer<String, byte[]> opening =
                new KafkaProducer<>(producerProperties(), new StringSerializer(), new ByteArraySerializer());
        try {
            // First: a former owner's open transaction ends here, and only then does the ledger's end stand.
            opening.initTransactions();
            var ledger = new LedgerOpening(lane, opening, destinations, commands);
            ledger.open();
            ledgers.clear();
            ledgers.putAll(ledger.ledgers());
            recovered.addAll(ledger.recovered());
        } catch (RuntimeException failure) {
            opening.close(Duration.ZERO);
            throw failure;
        }
        producer = opening;
        open = true;
    }

    public boolean isOpen() {
        return open;
    }

    private Map<String, Object> producerProperties() {
        var properties = new HashMap<>(kafka);
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 120_000);
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 20);
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, RecordLimits.requestBytes(topics.maxRecordBytes()));
        // A record that is larger than the buffer is refused.
        properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, Math.max(32L << 20, 2L * topics.maxRecordBytes()));
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 30_000);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 20_000);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 60_000);
        return properties;
    }

    /** Reads from an account's ledger. {@code question} must not keep it. */
    public synchronized <T> T ask(String accountId, Function<Ledger, T> question) throws PublishException {
        requireOpen();
        return question.apply(ledger(accountId));
    }

    /** As {@link #publish(SweepFacts, Function)}, with what follows from it. */
    public Published publishAlways(SweepFacts facts, Function<Ledger, Verdict> judge) throws PublishException {
        return publish(facts, judge, true);
    }

    /**
     * Carries out what operators ordered, judges and publishes a sweep; returns when it is committed. What topics have lost is
     * published again.
     *
     * @param judge from the ledger, orders included, to the verdict; must not keep the ledger
     * @throws PublishException when nothing, or not all, could be committed; {@link #open} then tells what was
     */
    public SweepReceipt publish(SweepFacts facts, Function<Ledger, Verdict> judge) throws PublishException {
        return publish(facts, judge, true).receipt();
    }

    /** As {@link #publish}, but commits nothing where there is nothing to tell that was not told lately. */
    public Published publishNews(SweepFacts facts, Function<Ledger, Verdict> judge) throws PublishException {
        return publish(facts, judge, false);
    }

    /** Judges, and commits nothing whatever the verdict. */
    public synchronized Published withoutReceipt(SweepFacts facts, Function<Ledger, Verdict> judge)
            throws PublishException {
        requireOpen();
        Ledger ledger = ledger(facts.accountId());
        return uncommitted(facts, judge.apply(ledger), ledger);
    }

    private Published uncommitted(SweepFacts facts, Verdict verdict, Ledger ledger) {
        CompleteSweeps before = ledger.complete(facts.kind());
        long now = clock.getAsLong();
        CompleteSweeps complete = verdict.outcome() == Verdict.Outcome.COMPLETE
                ? before.reported(facts.startedAt(), now, facts.asOf())
                : before;
        return new Published(Receipts.receipt(facts, verdict, Sent.nothing(verdict), now, complete, List.of()), false);
    }

    private synchronized Published publish(SweepFacts facts, Function<Ledger, Verdict> judge, boolean always)
            throws PublishException {
        requireOpen();
        requireLimits();
        Ledger known = ledger(facts.accountId());
        Ledger ledger = known.of(facts.tenant());
        Destination destination = destination(facts.accountId(), known);
        requireLedger();
        Optional<String> loss = known.isBlank() ? Optional.empty() : destination.lossInWords(known.destination());
        CommandLog.Due due = commands.due(facts.accountId(), ledger.commands());
        Orders orders =
                Orders.of(ledger, destination.lostSince(known.destination()), due.commands(), clock.getAsLong());
        Verdict judged = TenantChange.told(judge.apply(orders.ledger()), known, ledger);
        Verdict verdict = loss.map(judged::saying).orElse(judged);
        var answers = new ArrayList<>(ledger.commands().owed());
        answers.addAll(orders.answers());
        boolean commanded =
                !answers.isEmpty() || due.read().upTo() != ledger.commands().upTo() || orders.republishes();
        if (!always
                && !commanded
                && !recovered.contains(facts.accountId())
                && ledger == known
                && quiet.canWait(facts, verdict, clock.getAsLong())) {
            return uncommitted(facts, verdict, ledger);
        }
        try {
            var transaction = new SweepTransaction(lane, producer, ledger, orders, destination, facts, verdict);
            transaction.send(due.read().owing(answers));
            CommandsRead answered = due.read().owing(List.of());
            long finishedAt = clock.getAsLong();
            CompleteSweeps complete = ledger.complete(facts.kind())
                    .and(verdict, transaction.sweepId(), facts.startedAt(), finishedAt, facts.asOf());
            SweepReceipt receipt = Receipts.receipt(facts, verdict, transaction.sent(), finishedAt, complete, answers);
            Findings found = verdict.findings();
            Map<String, Filled> filled = with(ledger.filled(), facts.kind(), found.filled());
            Map<String, Retractions> retractions = with(ledger.retractions(), facts.kind(), found.retractions());
            Map<String, RecentlyAdded> recentlyAdded =
                    with(ledger.recentlyAdded(), facts.kind(), found.recentlyAdded());
            if (ledger != known
                    || transaction.lacksLedger()
                    || !retractions.equals(ledger.retractions())
                    || !recentlyAdded.equals(ledger.recentlyAdded())
                    || !filled.equals(ledger.filled())
                    || !complete.equals(ledger.complete(facts.kind()))
                    || !answered.equals(ledger.commands())
                    || !destination.isWhere(ledger.destination())) {
                var kinds = new HashMap<>(ledger.complete());
                kinds.put(facts.kind(), complete);
                send(store.state(
                        facts.accountId(),
                        kinds,
                        filled,
                        retractions,
                        recentlyAdded,
                        ledger.recoveries(),
                        answered,
                        ledger.tenant(),
                        destination,
                        transaction.sweepId()));
            }
            receipt = fitting(receipt);
            send(receipt);
            transaction.commit();
            ledger.complete(facts.kind(), complete);
            ledger.replaceFilled(filled);
            ledger.replaceRetractions(retractions);
            ledger.replaceRecentlyAdded(recentlyAdded);
            ledger.commands(answered);
            ledger.destination(destination);
            ledgers.put(facts.accountId(), ledger);
            quiet.committed(facts, verdict, finishedAt);
            loss.ifPresent(what -> LOG.atWarn()
                    .addKeyValue("account", facts.accountId())
                    .addKeyValue("reason", what)
                    .log("Records of the account were lost; they are published again"));
            boolean anew = recovered.remove(facts.accountId());
            return new Published(receipt, true, orders.republishes() || anew, anew);
        } catch (RuntimeException failure) {
            giveUp();
            throw new PublishException("sweep not published: " + failure.getMessage(), failure);
        }
    }

    /** The topics to publish to now, and where the account's records go from this sweep on. */
    private Destination destination(String accountId, Ledger known) throws PublishException {
        try {
            Destination now = destinations.now();
            now.altered(known.destination()).ifPresent(why -> {
                destinations.refused(why);
                throw new TopicMismatchException(why);
            });
            return now;
        } catch (KafkaException | TopicMismatchException failure) {
            throw new PublishException("sweep of " + accountId + " not published: " + failure.getMessage(), failure);
        }
    }

    /**
     * What is known of the ledger must stand in the topic. Where that was deleted or cut meanwhile, {@link #open} makes it anew.
     */
    private void requireLedger() throws PublishException {
        LedgerMark read = lane.place().mark();
        LedgerMark now = destinations.ledgerAsOfNow(partition);
        if (!now.id().equals(read.id()) || now.start() > read.start()) {
            giveUp();
            throw new PublishException(
                    "sweep not published: topic " + topics.ledger().name()
                            + (now.id().equals(read.id()) ? " lost records" : " was deleted and created again")
                            + " since it was read; it is read again",
                    null);
        }
    }

    private SweepReceipt fitting(SweepReceipt receipt) {
        String topic = topics.sweeps().name();
        int besides = ToBroker.besides(key(receipt));
        return ReceiptCut.fitting(
                receipt, shorter -> limits.excess(topic, besides, receiptSerializer.serialize(topic, shorter))
                        .isEmpty());
    }

    private void send(SweepReceipt receipt) {
        String topic = topics.sweeps().name();
        send(new ProducerRecord<>(topic, key(receipt), receiptSerializer.serialize(topic, receipt)));
    }

    private void send(ProducerRecord<String, byte[]> record) {
        lane.broker().send(producer, record, metadata -> {});
    }

    private static String key(SweepReceipt receipt) {
        return Keys.of(receipt.getAccountId(), receipt.getKind());
    }

    /** Follows what the topics allow now. */
    private void requireLimits() throws PublishException {
        limits.follow();
        try {
            limits.requireEnough();
        } catch (TopicLimitException tooSmall) {
            giveUp();
            throw new PublishException("sweep not published: " + tooSmall.getMessage(), tooSmall);
        }
    }

    /**
     * Retracts everything that stands of an account, on request, and forgets it; returns when that is committed. Where it was
     * cut off, the next call goes on with what is left.
     *
     * @return a receipt of each kind of sweep; empty where nothing stands
     * @throws PublishException when not all could be committed; {@link #open} then tells what was
     */
    public synchronized List<SweepReceipt> retract(String accountId) throws PublishException {
        requireOpen();
        requireLimits();
        Ledger ledger = ledger(accountId);
        if (ledger.isBlank()) {
            return List.of();
        }
        destination(accountId, ledger);
        requireLedger();
        try {
            var retraction = new AccountRetraction(lane, producer, accountId, ledger);
            List<SweepReceipt> receipts = retraction.send();
            receipts.stream().map(this::fitting).forEach(this::send);
            ledgers.put(accountId, retraction.commit());
            return receipts;
        } catch (RuntimeException failure) {
            giveUp();
            throw new PublishException("account not retracted: " + failure.getMessage(), failure);
        }
    }

    private void requireOpen() throws PublishException {
        if (!open) {
            throw new PublishException("the publisher is not open", null);
        }
    }

    private Ledger ledger(String accountId) {
        return ledgers.computeIfAbsent(accountId, unknown -> new Ledger());
    }

    /** What is known by kind of sweep, with what a sweep of this kind found. @param found null for nothing new */
    static <T> Map<String, T> with(Map<String, T> known, String kind, T found) {
        if (found == null) {
            return Map.copyOf(known);
        }
        var all = new HashMap<>(known);
        all.put(Ledger.fullKind(kind), found);
        return all;
    }

    /** Drops the producer without a word to the broker; whoever takes the id next ends its transaction. */
    private void giveUp() {
        open = false;
        if (producer != null) {
            producer.close(Duration.ZERO);
            producer = null;
        }
    }

    /** Opens anew before it publishes again. Does not wait for what is being published, which is bound to fail. */
    public void distrust() {
        givenAway.incrementAndGet();
        open = false;
    }

    /** Ends cleanly, having waited for what is being published; {@link #open} begins anew. */
    @Override
    public void close() {
        givenAway.incrementAndGet();
        closeProducer();
    }

    private synchronized void closeProducer() {
        open = false;
        if (producer != null) {
            producer.close(CLOSE_TIME);
            producer = null;
        }
    }
}
