package dev.kandjistream.poller.kafka;

import dev.kandjistream.kandji.domain.AssignedUser;
import dev.kandjistream.kandji.domain.Moment;
import dev.kandjistream.kandji.domain.RowShape;
import dev.kandjistream.poller.domain.App;
import dev.kandjistream.poller.domain.Ledger;
import dev.kandjistream.poller.domain.LedgerRecovery;
import dev.kandjistream.poller.domain.LedgerRecovery.Published;
import dev.kandjistream.poller.domain.LedgerRecovery.PublishedApps;
import dev.kandjistream.poller.domain.Order;
import dev.kandjistream.poller.domain.Withheld.What;
import dev.kandjistream.raw.RawApp;
import dev.kandjistream.raw.RawDevice;
import dev.kandjistream.raw.RawDeviceApps;
import dev.kandjistream.schemas.Keys;
import dev.kandjistream.schemas.TombstoneHeaders;
import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.TrustedSerdes;
import dev.kandjistream.sweeps.SweepReceipt;
import dev.kandjistream.sweeps.WithheldRetraction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.Deserializer;

/** One reading of the raw topics and the receipts, for the accounts of some ledger partitions. One thread. */
final class RawReading {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Ids of transactions as pollers make them, see {@link SweepIds}. */
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}");

    private final Topics topics;
    private final Map<String, Object> kafka;
    private final Set<Integer> partitions;
    private final Map<String, Account> accounts = new HashMap<>();
    private final UnreadableRecords unreadable = new UnreadableRecords();
    private long found;

    /** What topics hold of an account, and the greatest id of a transaction that published it. */
    static final class Account {
        final LedgerRecovery recovery = new LedgerRecovery();
        private String lastSweepId = "";

        Optional<String> lastSweepId() {
            return lastSweepId.isEmpty() ? Optional.empty() : Optional.of(lastSweepId);
        }

        private void follow(String sweepId) {
            lastSweepId = ID.matcher(sweepId).matches() && sweepId.compareTo(lastSweepId) > 0 ? sweepId : lastSweepId;
        }
    }

    /** @param partitions of the ledger */
    RawReading(Topics topics, Map<String, Object> kafka, Set<Integer> partitions) {
        this.topics = topics;
        this.kafka = kafka;
        this.partitions = partitions;
    }

    RawReadings.Result read() {
        // They distinguish a record with an id of no schema from a registry that lost its schemas.
        var serdes = new TrustedSerdes(topics, kafka);
        try (var consumer = CommittedReader.open(kafka);
                var devices = serdes.deserializer(topics.rawDevices());
                var apps = serdes.deserializer(topics.rawApps());
                var sweeps = serdes.deserializer(topics.sweeps())) {
            read(consumer, topics.rawDevices(), record -> unlessUnreadable(record, () -> device(record, devices)));
            read(consumer, topics.rawApps(), record -> unlessUnreadable(record, () -> apps(record, apps)));
            receipts(consumer, sweeps);
        }
        unreadable.report();
        return new RawReadings.Result(accounts, found);
    }

    /**
     * Skips a record that cannot be read, as the enricher does: then an earlier record of the same key counts.
     *
     * @return whether it could be read
     */
    private boolean unlessUnreadable(ConsumerRecord<String, byte[]> record, Runnable take) {
        try {
            take.run();
            return true;
        } catch (RuntimeException failure) {
            if (!Unreadable.isOfRecord(failure)) {
                throw failure;
            }
            unreadable.add(record, failure);
            return false;
        }
    }

    private static void read(
            KafkaConsumer<String, byte[]> consumer, Topic<?> topic, Consumer<ConsumerRecord<String, byte[]>> take) {
        List<TopicPartition> all = consumer.partitionsFor(topic.name(), PATIENCE).stream()
                .map(info -> new TopicPartition(topic.name(), info.partition()))
                .toList();
        if (all.isEmpty()) {
            throw new UnknownTopicOrPartitionException("the topic is missing. topic=" + topic.name());
        }
        consumer.assign(all);
        consumer.seekToBeginning(all);
        Map<TopicPartition, Long> ends = consumer.endOffsets(all, PATIENCE);
        var open = new HashSet<>(all);
        open.removeIf(place -> consumer.position(place, PATIENCE) >= ends.get(place));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!open.isEmpty()) {
            var records = consumer.poll(Duration.ofMillis(200));
            records.forEach(take);
            boolean moved = open.removeIf(place -> consumer.position(place, PATIENCE) >= ends.get(place));
            if (moved || !records.isEmpty()) {
                deadline = System.nanoTime() + PATIENCE.toNanos();
            } else if (System.nanoTime() > deadline) {
                throw new TimeoutException("the topic could not be read to its end. topic=" + topic.name());
            }
        }
    }

    /** Null where the record is of no account that was asked for. */
    private Account account(List<String> key) {
        int partition = LedgerStore.partitionOf(key.get(0));
        found |= LedgerMark.bit(partition);
        return partitions.contains(partition) ? accounts.computeIfAbsent(key.get(0), id -> new Account()) : null;
    }

    private static List<String> key(ConsumerRecord<String, byte[]> record) {
        List<String> segments = record.key() == null ? List.of() : Keys.split(record.key());
        if (segments.size() != 2 || segments.get(0).isBlank() || segments.get(1).isBlank()) {
            throw new IllegalArgumentException("expected a key of two segments, found " + segments.size());
        }
        return segments;
    }

    private static void requireSame(List<String> key, String accountId, String second) {
        if (!key.equals(List.of(accountId, second))) {
            throw new IllegalArgumentException("the value is about another than the key");
        }
    }

    private void device(ConsumerRecord<String, byte[]> record, Deserializer<RawDevice> values) {
        List<String> key = key(record);
        Account account = account(key);
        if (account == null) {
            return;
        }
        if (record.value() == null) {
            account.recovery.device(key.get(1), null);
            followTombstone(account, record);
            return;
        }
        RawDevice device = values.deserialize(record.topic(), record.value());
        requireSame(key, device.getAccountId(), device.getDeviceId());
        Published published = published(device);
        account.follow(device.getSweepId());
        account.recovery.device(key.get(1), published);
    }

    private static Published published(RawDevice device) {
        var user = new AssignedUser(
                device.getUserId(), device.getUserEmail(), device.getUserName(), device.getUserArchived());
        return new Published(
                user.identified() ? user : null,
                device.getPlatform(),
                device.getSerialNumber(),
                device.getIsRemoved(),
                device.getBaseline(),
                Set.copyOf(device.getUnreadFields()),
                !device.getKeptFields().isEmpty());
    }

    private void apps(ConsumerRecord<String, byte[]> record, Deserializer<RawDeviceApps> values) {
        List<String> key = key(record);
        Account account = account(key);
        if (account == null) {
            return;
        }
        if (record.value() == null) {
            account.recovery.apps(key.get(1), null);
            followTombstone(account, record);
            return;
        }
        RawDeviceApps list = values.deserialize(record.topic(), record.value());
        requireSame(key, list.getAccountId(), list.getDeviceId());
        PublishedApps published = published(list);
        account.follow(list.getSweepId());
        account.recovery.apps(key.get(1), published);
    }

    private static PublishedApps published(RawDeviceApps list) {
        return PublishedApps.of(
                list.getApps().stream().map(RawReading::app).toList(),
                moment(list.getCollectedAt()),
                list.getBaseline(),
                list.getUnreadRows(),
                list.getKeepsRows());
    }

    private static App app(RawApp app) {
        return new App(
                app.getName(),
                app.getBundleId(),
                app.getVersion(),
                app.getShortVersion(),
                app.getPath(),
                app.getBundleName(),
                app.getBundleType(),
                app.getDeveloperName(),
                app.getTeamId(),
                app.getObtainedFrom(),
                app.getCategory(),
                RowShape.FULL,
                0);
    }

    private static long moment(Instant instant) {
        return instant == null ? Moment.UNKNOWN : instant.toEpochMilli();
    }

    private static void followTombstone(Account account, ConsumerRecord<String, byte[]> record) {
        Header sweepId = record.headers().lastHeader(TombstoneHeaders.SWEEP_ID);
        if (sweepId != null && sweepId.value() != null) {
            account.follow(new String(sweepId.value(), StandardCharsets.UTF_8));
        }
    }

    /** Only the latest of a key are decoded, because there are many; all of it where the latest cannot be read. */
    private void receipts(KafkaConsumer<String, byte[]> consumer, Deserializer<SweepReceipt> values) {
        var latest = new HashMap<String, ConsumerRecord<String, byte[]>>();
        read(consumer, topics.sweeps(), record -> {
            if (record.value() == null) {
                latest.remove(record.key());
            } else {
                latest.put(record.key(), record);
            }
        });
        var read = new HashMap<String, SweepReceipt>();
        var keys = new HashSet<String>();
        latest.forEach((key, record) -> {
            if (!takeReceipt(record, values, read)) {
                keys.add(key);
            }
        });
        if (!keys.isEmpty()) {
            read(consumer, topics.sweeps(), record -> {
                if (keys.contains(record.key())) {
                    takeReceipt(record, values, read);
                }
            });
        }
        read.values().forEach(this::receipt);
    }

    /** @return whether it could be read, or need not be */
    private boolean takeReceipt(
            ConsumerRecord<String, byte[]> record, Deserializer<SweepReceipt> values, Map<String, SweepReceipt> read) {
        return unlessUnreadable(record, () -> {
            List<String> key = key(record);
            if (record.value() == null) {
                read.remove(record.key());
            } else if (partitions.contains(LedgerStore.partitionOf(key.get(0)))) {
                SweepReceipt receipt = values.deserialize(record.topic(), record.value());
                requireSame(key, receipt.getAccountId(), receipt.getKind());
                read.put(record.key(), receipt);
            }
        });
    }

    private void receipt(SweepReceipt receipt) {
        String kind = receipt.getKind();
        if (!kind.equals(Ledger.fullKind(kind)) || receipt.getLastCompleteAt() == null) {
            return;
        }
        Account account = account(List.of(receipt.getAccountId(), kind));
        account.recovery.wasComplete(kind);
        account.follow(receipt.getSweepId());
        for (WithheldRetraction item : receipt.getWithheldRetractions()) {
            what(item.getWhat())
                    .ifPresent(what ->
                            account.recovery.waits(item.getDeviceId(), what, order(item.getOrder()), item.getReason()));
        }
    }

    private static Optional<What> what(String word) {
        return Arrays.stream(What.values())
                .filter(what -> what.name().equals(word))
                .findFirst();
    }

    private static Order order(String word) {
        return Order.REJECTED.name().equals(word) ? Order.REJECTED : null;
    }
}
