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
import dev.kandjistream.schemas.serde.AvroSerdes;
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
    private final Map<String, byte[]> receipts = new HashMap<>();
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
        try (var consumer = CommittedReader.open(kafka);
                var devices = AvroSerdes.deserializer(topics.rawDevices(), kafka);
                var apps = AvroSerdes.deserializer(topics.rawApps(), kafka);
                var sweeps = AvroSerdes.deserializer(topics.sweeps(), kafka)) {
            read(consumer, topics.rawDevices(), record -> device(record, devices));
            read(consumer, topics.rawApps(), record -> apps(record, apps));
            read(consumer, topics.sweeps(), this::receipt);
            receipts.values()
                    .forEach(value -> receipt(sweeps.deserialize(topics.sweeps().name(), value)));
        }
        return new RawReadings.Result(accounts, found);
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

    /** Null where the record is of no account that was asked for, or of none at all. */
    private Account account(List<String> key) {
        if (key.size() != 2) {
            return null;
        }
        int partition = LedgerStore.partitionOf(key.get(0));
        found |= LedgerMark.bit(partition);
        return partitions.contains(partition) ? accounts.computeIfAbsent(key.get(0), id -> new Account()) : null;
    }

    private static List<String> key(ConsumerRecord<String, byte[]> record) {
        try {
            return record.key() == null ? List.of() : Keys.split(record.key());
        } catch (IllegalArgumentException garbled) {
            return List.of();
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
        account.follow(device.getSweepId());
        account.recovery.device(key.get(1), published(device));
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
        account.follow(list.getSweepId());
        account.recovery.apps(
                key.get(1),
                PublishedApps.of(
                        list.getApps().stream().map(RawReading::app).toList(),
                        moment(list.getCollectedAt()),
                        list.getBaseline(),
                        list.getUnreadRows(),
                        list.getKeepsRows()));
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
        if (sweepId != null) {
            account.follow(new String(sweepId.value(), StandardCharsets.UTF_8));
        }
    }

    /** Only the latest of a key are decoded: there are many. */
    private void receipt(ConsumerRecord<String, byte[]> record) {
        List<String> key = key(record);
        if (key.size() == 2 && partitions.contains(LedgerStore.partitionOf(key.get(0)))) {
            if (record.value() == null) {
                receipts.remove(record.key());
            } else {
                receipts.put(record.key(), record.value());
            }
        }
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
