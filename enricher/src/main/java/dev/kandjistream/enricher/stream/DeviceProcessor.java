package dev.kandjistream.enricher.stream;

import dev.kandjistream.enricher.domain.Cause;
import dev.kandjistream.enricher.domain.DeviceOutcome;
import dev.kandjistream.enricher.domain.DeviceState;
import dev.kandjistream.enricher.domain.DeviceStep;
import dev.kandjistream.enricher.domain.Disappearance;
import dev.kandjistream.enricher.domain.Rules;
import dev.kandjistream.enricher.store.DeviceStore;
import dev.kandjistream.enricher.store.DifferenceNumber;
import dev.kandjistream.enricher.store.ReplayStore;
import dev.kandjistream.schemas.RecordLimits;
import dev.kandjistream.schemas.Replays;
import dev.kandjistream.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins both halves of a device and tells what changed about it: devices, licenses, unattributed, and the differences
 * for its users. A record that cannot be read becomes a dead letter before anything is touched. A record that is older than
 * what is known of its half of the device is ignored. One from which something follows that does not fit into a topic goes to
 * the dead letters as well, and the device stays as it was: published and remembered are the same at any time.
 */
final class DeviceProcessor implements Processor<byte[], byte[], byte[], byte[]> {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceProcessor.class);

    private final Topics topics;
    private final Rules configured;
    private final ValueFormat format;
    private final EnricherMetrics metrics;
    private final Breaker breaker;
    private final RecordLimits limits;
    private final ReplayRequests replays;
    private final RawKeys missed;
    private final String changelog;
    private final RawReader reader;
    private final List<String> ofUsers;
    private final String devicesTopic;
    private final String appsTopic;
    private ProcessorContext<byte[], byte[]> context;
    private DeviceStore store;
    private DeviceEvents events;
    private UserOutlet users;
    private Outbox outbox;
    private RulesPass rulesPass;
    private MissedEnds missedEnds;

    DeviceProcessor(
            Topics topics,
            Rules configured,
            ValueFormat format,
            EnricherMetrics metrics,
            Breaker breaker,
            ReplayRequests replays,
            RecordLimits limits,
            RawKeys missed) {
        this.missed = missed;
        this.replays = replays;
        this.topics = topics;
        this.limits = limits;
        this.changelog = EnricherTopology.changelog(topics, EnricherTopology.DEVICE_STORE);
        this.breaker = breaker;
        this.configured = configured;
        this.format = format;
        this.metrics = metrics;
        this.reader = new RawReader(topics, format);
        this.ofUsers = List.of(
                topics.users().name(),
                topics.usage().name(),
                topics.userContributions(),
                EnricherTopology.changelog(topics, EnricherTopology.USER_STORE));
        this.devicesTopic = topics.rawDevices().name();
        this.appsTopic = topics.rawApps().name();
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> processorContext) {
        context = processorContext;
        store = new DeviceStore(context.getStateStore(EnricherTopology.DEVICE_STORE));
        outbox = new Outbox(context, limits, metrics);
        events = new DeviceEvents(new EventOutlet(outbox, topics), topics, format);
        users = new UserOutlet(outbox, store, topics.userContributions());
        rulesPass = new RulesPass(store, configured, this::applyRules);
        rulesPass.check();
        missedEnds = new MissedEnds(missed, store, this::endMissedDevice, this::endMissedApps);
        context.schedule(RulesPass.INTERVAL, PunctuationType.WALL_CLOCK_TIME, now -> missedEnds.apply());
        context.schedule(RulesPass.INTERVAL, PunctuationType.WALL_CLOCK_TIME, now -> rulesPass.step());
        var replay = new DeviceReplay(store, events, () -> rulesPass.rules(), this::sendReplay);
        var pass = new ReplayPass(
                "devices",
                context.taskId().partition(),
                replays,
                new ReplayStore(context.getStateStore(EnricherTopology.DEVICE_STORE)),
                replay,
                answer -> context.forward(answer(answer), EnricherTopology.REPLAYS_OF_DEVICES));
        context.schedule(RulesPass.INTERVAL, PunctuationType.WALL_CLOCK_TIME, now -> pass.step());
    }

    private void sendReplay() {
        outbox.removeExcess((key, excess) -> {
            metrics.oversized(excess.topic());
            LOG.atWarn()
                    .addKeyValue("key", new String(key, StandardCharsets.UTF_8))
                    .addKeyValue("reason", excess)
                    .log("Event of a replay skipped: it is too large");
        });
        outbox.send();
    }

    private Record<byte[], byte[]> answer(Replays.Answer answer) {
        byte[] key = answer.key().getBytes(StandardCharsets.UTF_8);
        return new Record<>(key, answer.value(), context.currentSystemTimeMs());
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        missedEnds.apply();
        RecordMetadata origin = context.recordMetadata().orElseThrow();
        metrics.record(origin.topic());
        try {
            RawReader.DeviceKey key = reader.key(record.key());
            if (origin.topic().equals(appsTopic)) {
                apps(key, record);
            } else {
                device(key, record);
            }
            breaker.readable(origin);
        } catch (UnreadableRecordException e) {
            breaker.unreadable(origin, e, () -> isReadable(record, origin));
            metrics.deadLetter(e.fault());
            bury(record, origin, e.getMessage());
        } catch (TooLargeException e) {
            requireEnough(e);
            breaker.readable(origin);
            metrics.tooLarge();
            bury(record, origin, e.getMessage());
        }
    }

    private void bury(Record<byte[], byte[]> record, RecordMetadata origin, String cause) {
        LOG.atWarn()
                .addKeyValue("topic", origin.topic())
                .addKeyValue("partition", origin.partition())
                .addKeyValue("offset", origin.offset())
                .addKeyValue("cause", cause)
                .log("Record cannot be used and went to the dead letters");
        context.forward(
                DeadLetters.letter(
                        record, origin, cause, limits, topics.deadLetters().name()),
                EnricherTopology.DEAD_LETTERS);
    }

    /** Where a topic allows hardly anything, nearly everything would go to the dead letters: that waits instead. */
    private void requireEnough(TooLargeException cause) {
        Optional<String> tooSmall = limits.tooSmall();
        if (tooSmall.isPresent()) {
            breaker.begin(limits, tooSmall.get());
            throw breaker.giveUp(limits, () -> limits.tooSmall().isEmpty(), cause);
        }
    }

    private void device(RawReader.DeviceKey key, Record<byte[], byte[]> record) {
        byte[] id = record.key();
        if (record.value() == null) {
            deviceGone(id, key, reader.disappearance(record));
            return;
        }
        var reading = reader.device(record.value(), key);
        DeviceState before = judged(id, key);
        if (before.isAheadOfDevice(reading.order(), now())) {
            metrics.outdated(devicesTopic);
        } else {
            publish(id, step(key).onDevice(before, () -> store.inventory(id), reading));
        }
    }

    private void deviceGone(byte[] id, RawReader.DeviceKey key, Disappearance gone) {
        DeviceState before = judged(id, key);
        if (before.isAheadOfDevice(gone.order(), now())) {
            metrics.outdated(devicesTopic);
        } else if (before.sighting() != null) {
            publish(id, step(key).onDeviceGone(before, () -> store.inventory(id), gone));
        } else if (!before.isBlank()) {
            store.put(id, before.withoutDevice(gone), null);
        }
    }

    private void apps(RawReader.DeviceKey key, Record<byte[], byte[]> record) {
        byte[] id = record.key();
        if (record.value() == null) {
            appsGone(id, key, reader.disappearance(record));
            return;
        }
        var reading = reader.apps(record.value(), key);
        DeviceState before = judged(id, key);
        if (before.isAheadOfApps(reading.order(), now())) {
            metrics.outdated(appsTopic);
        } else {
            publish(id, step(key).onApps(before, store.inventory(id), reading));
        }
    }

    private void appsGone(byte[] id, RawReader.DeviceKey key, Disappearance gone) {
        DeviceState before = judged(id, key);
        if (before.isAheadOfApps(gone.order(), now())) {
            metrics.outdated(appsTopic);
        } else if (before.apps() != null) {
            publish(id, step(key).onAppsGone(before, store.inventory(id), gone));
        } else if (!before.isBlank()) {
            store.put(id, before.withoutApps(gone), null);
        }
    }

    /** The time and the sweep of its end are lost with its tombstone. */
    private boolean endMissedDevice(byte[] id) {
        RawReader.DeviceKey key = reader.key(id);
        return endMissed(id, devicesTopic, () -> {
            DeviceState before = judged(id, key);
            boolean ended = before.sighting() != null
                    && missed.isEndOfDevice(before.sighting().order());
            if (ended) {
                publish(id, step(key).onDeviceGone(before, () -> store.inventory(id), missedEnd()));
            }
            return ended;
        });
    }

    private boolean endMissedApps(byte[] id) {
        RawReader.DeviceKey key = reader.key(id);
        return endMissed(id, appsTopic, () -> {
            DeviceState before = judged(id, key);
            boolean ended =
                    before.apps() != null && missed.isEndOfApps(before.apps().order());
            if (ended) {
                publish(id, step(key).onAppsGone(before, store.inventory(id), missedEnd()));
            }
            return ended;
        });
    }

    private boolean endMissed(byte[] id, String topic, BooleanSupplier end) {
        boolean ended =
                unlessTooLarge(id, "A device without a raw record is not ended: what follows is too large", end);
        if (ended) {
            metrics.missedEnd(topic);
        }
        return ended;
    }

    /** @return false also where something of it does not fit; then the device stays as it is, and a log line says why */
    private boolean unlessTooLarge(byte[] id, String otherwise, BooleanSupplier change) {
        try {
            return change.getAsBoolean();
        } catch (TooLargeException e) {
            requireEnough(e);
            metrics.oversized(changelog);
            LOG.atWarn()
                    .addKeyValue("key", new String(id, StandardCharsets.UTF_8))
                    .addKeyValue("cause", e.getMessage())
                    .log(otherwise);
            return false;
        }
    }

    private Disappearance missedEnd() {
        return new Disappearance(null, now(), Cause.DEVICE_REMOVED);
    }

    /** Asked by another thread, while processing is paused. */
    private boolean isReadable(Record<byte[], byte[]> record, RecordMetadata origin) {
        try {
            RawReader.DeviceKey key = reader.key(record.key());
            if (record.value() == null) {
                reader.disappearance(record);
            } else if (origin.topic().equals(appsTopic)) {
                reader.apps(record.value(), key);
            } else {
                reader.device(record.value(), key);
            }
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    private Instant now() {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }

    /** The device by the rules in force. Where they have not reached it yet, they do now, as a step of their own. */
    private DeviceState judged(byte[] id, RawReader.DeviceKey key) {
        Rules rules = rulesPass.rules();
        DeviceState state = store.device(id, rules);
        return state.rulesVersion() == rules.version() ? state : applyRules(id, key, state);
    }

    private DeviceState applyRules(byte[] id, RawReader.DeviceKey key, DeviceState state) {
        DeviceOutcome outcome = step(key).onRules(state, store.inventory(id));
        publish(id, outcome);
        return outcome.state();
    }

    /** A device that the rules make too large stays as it is, under the former rules. */
    private void applyRules(byte[] id) {
        unlessTooLarge(id, "New rules are not applied to a device: what follows is too large", () -> {
            judged(id, reader.key(id));
            return true;
        });
    }

    private DeviceStep step(RawReader.DeviceKey key) {
        return new DeviceStep(key.accountId(), key.deviceId(), rulesPass.rules());
    }

    /** @throws TooLargeException where something of it does not fit; then nothing is published or remembered */
    private void publish(byte[] id, DeviceOutcome outcome) {
        outbox.clear();
        DeviceStore.Entry entry = store.entry(id, outcome.state(), outcome.inventory());
        addEvents(id, outcome);
        DifferenceNumber last = users.add(outcome.users());
        requireFit(entry, outcome);
        store.put(entry);
        outcome.newlySuppressed().forEach(metrics::suppressed);
        outbox.send();
        if (last != null) {
            store.putLastDifference(last);
        }
    }

    private void requireFit(DeviceStore.Entry entry, DeviceOutcome outcome) {
        int besides = entry.key().length + 1;
        Stream.of(limits.excess(changelog, besides, entry.device()), limits.excess(changelog, besides, entry.apps()))
                .flatMap(Optional::stream)
                .findFirst()
                .or(outbox::excess)
                .ifPresent(excess -> {
                    throw new TooLargeException(excess);
                });
        int limit = ofUsers.stream().mapToInt(limits::of).min().orElseThrow();
        UserParts.tooLong(outcome.users(), limit).ifPresent(bytes -> {
            throw new TooLargeException(
                    "A text of up to " + bytes + " bytes is too long for events of users; their topics"
                            + " allow records of " + limit + " bytes, and a text may take a 64th of that");
        });
    }

    private void addEvents(byte[] id, DeviceOutcome outcome) {
        if (outcome.device() != null) {
            events.device(id, outcome.device(), outcome.evidence());
        }
        if (outcome.license() != null) {
            events.license(id, outcome.license(), outcome.evidence());
        }
        if (outcome.unattributed() != null) {
            events.unattributed(id, outcome.unattributed(), outcome.evidence());
        }
    }
}
