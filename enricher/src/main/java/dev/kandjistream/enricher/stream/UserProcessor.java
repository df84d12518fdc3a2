package dev.kandjistream.enricher.stream;

import dev.kandjistream.enricher.domain.Holding;
import dev.kandjistream.enricher.domain.Op;
import dev.kandjistream.enricher.domain.Summary;
import dev.kandjistream.enricher.domain.UsageDiff;
import dev.kandjistream.enricher.domain.UsageFacts;
import dev.kandjistream.enricher.domain.UserChange;
import dev.kandjistream.enricher.domain.UserFacts;
import dev.kandjistream.enricher.store.DifferenceNumber;
import dev.kandjistream.enricher.store.ReplayStore;
import dev.kandjistream.enricher.store.UserChangeCodec;
import dev.kandjistream.enricher.store.UserState;
import dev.kandjistream.enricher.store.UserStore;
import dev.kandjistream.schemas.Keys;
import dev.kandjistream.schemas.RecordLimits;
import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts what devices add and take away together per user: users and usage. */
final class UserProcessor implements Processor<byte[], byte[], byte[], byte[]> {
    private static final Logger LOG = LoggerFactory.getLogger(UserProcessor.class);

    private final Topics topics;
    private final ValueFormat format;
    private final EnricherMetrics metrics;
    private final RecordLimits limits;
    private final UserChangeCodec changes = new UserChangeCodec();
    private final ReplayRequests replays;
    private UserStore store;
    private UserEvents events;
    private Outbox outbox;

    UserProcessor(
            Topics topics, ValueFormat format, EnricherMetrics metrics, ReplayRequests replays, RecordLimits limits) {
        this.replays = replays;
        this.limits = limits;
        this.topics = topics;
        this.format = format;
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        store = new UserStore(context.getStateStore(EnricherTopology.USER_STORE));
        outbox = new Outbox(context, limits, metrics);
        events = new UserEvents(new EventOutlet(outbox, topics), topics, format);
        var pass = new ReplayPass(
                "users",
                context.taskId().partition(),
                replays,
                new ReplayStore(context.getStateStore(EnricherTopology.USER_STORE)),
                new UserReplay(store, events, this::send),
                answer -> context.forward(
                        new Record<>(
                                answer.key().getBytes(StandardCharsets.UTF_8),
                                answer.value(),
                                context.currentSystemTimeMs()),
                        EnricherTopology.REPLAYS_OF_USERS));
        context.schedule(RulesPass.INTERVAL, PunctuationType.WALL_CLOCK_TIME, now -> pass.step());
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        DifferenceNumber number = UserOutlet.number(record.headers());
        if (number != null) {
            if (store.knows(number)) {
                metrics.outdated(topics.userContributions());
                return;
            }
            store.put(number);
        }
        take(record.key(), changes.read(record.value()));
    }

    private void take(byte[] key, UserChange change) {
        UserState before = store.user(key);
        UserState after = change.user() == null ? before : user(key, before, change);
        for (UserChange.AppPart app : change.apps()) {
            if (usage(key, app, change, after) == Op.DELETED) {
                after = after.withUsageEnded();
            }
        }
        if (!after.equals(before) || change.user() != null) {
            store.putUser(key, after);
        }
    }

    private UserState user(byte[] key, UserState state, UserChange change) {
        Summary<UserFacts> before = state.devices().summary();
        String deviceId = change.evidence().deviceId();
        var contribution = change.user().contribution();
        if (contribution != null
                && isTooLarge(topics.users(), key, UserParts.characters(before) + UserParts.characters(contribution))) {
            return state;
        }
        Holding<UserFacts> devices = contribution == null
                ? state.devices().remove(deviceId)
                : state.devices().put(contribution, store.userIndex(key));
        var told = UsageDiff.ofUser(before, devices.summary(), change.user(), state.removed());
        if (told != null) {
            events.user(key, told, change);
            send();
        }
        return state.with(devices);
    }

    /** What was told of it; null where nothing. */
    private Op usage(byte[] userKey, UserChange.AppPart app, UserChange change, UserState user) {
        byte[] key = usageKey(userKey, app.appId());
        Holding<UsageFacts> usage = store.usage(key);
        Summary<UsageFacts> before = usage.summary();
        var contribution = app.part().contribution();
        if (contribution != null
                && isTooLarge(topics.usage(), key, UserParts.characters(before) + UserParts.characters(contribution))) {
            return null;
        }
        Holding<UsageFacts> next = contribution == null
                ? usage.remove(change.evidence().deviceId())
                : usage.put(contribution, store.usageIndex(key));
        Summary<UsageFacts> after = next.summary();
        store.putUsage(key, next, after.isEmpty());
        var told = UsageDiff.ofUsage(before, after, app.part(), user.usageEnded());
        if (told == null) {
            return null;
        }
        events.usage(key, app.appId(), told, change);
        send();
        return told.op();
    }

    /**
     * Whether an event about this may not fit. It cannot happen to what {@link UserParts} let pass, unless the topic was made
     * to allow less since. Then the change is skipped: neither published nor remembered.
     */
    private boolean isTooLarge(Topic<?> topic, byte[] key, int characters) {
        var excess = limits.excess(topic.name(), UserParts.eventBytes(key, characters), null);
        excess.ifPresent(found -> skip(key, found));
        return excess.isPresent();
    }

    /** What ends must end: an event that does not fit is left out, but never the null record. */
    private void send() {
        outbox.removeExcess(this::skip);
        outbox.send();
    }

    private void skip(byte[] key, RecordLimits.Excess excess) {
        metrics.oversized(excess.topic());
        LOG.atWarn()
                .addKeyValue("key", new String(key, StandardCharsets.UTF_8))
                .addKeyValue("reason", excess)
                .log("Change skipped: its event is too large");
    }

    /** {@code account/user_id/app_id}: a user's key is the beginning of the keys of what it uses. */
    private static byte[] usageKey(byte[] userKey, String appId) {
        byte[] segment = Keys.of(appId).getBytes(StandardCharsets.UTF_8);
        byte[] key = Arrays.copyOf(userKey, userKey.length + 1 + segment.length);
        key[userKey.length] = '/';
        System.arraycopy(segment, 0, key, userKey.length + 1, segment.length);
        return key;
    }
}
