package dev.kandjistream.posture.kafka;

import dev.kandjistream.posture.domain.AccountState;
import dev.kandjistream.posture.domain.Published;
import dev.kandjistream.posture.domain.SerialNumber;
import dev.kandjistream.posture.domain.Sighting;
import dev.kandjistream.schemas.SerialNumbers;
import dev.kandjistream.schemas.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The latest state of every device of every account in memory, by serial number.
 *
 * <pre>raw devices -> fleet    by serial number: enrolments
 * unconfirmed -> fleet    doubts about them
 * sweeps      -> accounts by id: connection, last complete sweep
 *                \- all: a sighting</pre>
 *
 * <p>One thread reads every partition of all three topics, committed records only, from the beginning, in no consumer group, so
 * there may be any number of replicas. Whoever asks reads memory, never waits, and may ask from any thread. Nothing is known
 * before the ends seen at the start are reached. Where broker or registry are away, what was known last stays, and
 * {@link #notReady} tells.
 */
public final class PostureView implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PostureView.class);
    /** Without progress for longer than this, the view is not ready; a broker's restart takes less. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration GRACE = Duration.ofSeconds(1);

    private final LogClients clients;
    private final List<String> topicNames;
    private final String unconfirmedTopic;
    private final SerialNumbers serialNumbers;
    private final Intake intake;
    private final Progress progress;
    private final LogFollower follower;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Thread thread;

    /**
     * @param kafka client properties: {@code bootstrap.servers}, {@code schema.registry.url} and what their security needs
     * @param allowedAge how old an account's last complete sweep of devices may be, by account id; never null
     * @param serialNumbers knows the placeholders, which find no device
     */
    public PostureView(
            Topics topics,
            Map<String, ?> kafka,
            Function<String, Duration> allowedAge,
            SerialNumbers serialNumbers,
            MeterRegistry meters) {
        this(topics, kafka, allowedAge, serialNumbers, meters, PATIENCE);
    }

    /** @param patience how long there may be no progress before {@link #notReady} tells */
    public PostureView(
            Topics topics,
            Map<String, ?> kafka,
            Function<String, Duration> allowedAge,
            SerialNumbers serialNumbers,
            MeterRegistry meters,
            Duration patience) {
        clients = new LogClients(topics, kafka);
        String devices = topics.rawDevices().name();
        unconfirmedTopic = topics.unconfirmed().name();
        topicNames = List.of(devices, topics.sweeps().name());
        this.serialNumbers = serialNumbers;
        intake = new Intake(topics, kafka, serialNumbers);
        progress = new Progress(patience);
        Set<String> vouchedFor = Set.of(devices, unconfirmedTopic);
        var metrics = new ViewMetrics(
                meters,
                Stream.concat(topicNames.stream(), Stream.of(unconfirmedTopic)).toList());
        Supplier<Picture> empty = () -> new Picture(new Fleet(), new Accounts(vouchedFor, allowedAge));
        follower = new LogFollower(clients, intake, empty, progress, metrics, unconfirmedTopic);
        metrics.watch(follower::shown, progress, this::notReady);
        thread = new Thread(this::run, "posture-view");
        // It holds nothing that would have to be saved.
        thread.setDaemon(true);
    }

    /** Once. Returns at once; {@link #notReady} tells when it has caught up. */
    public void start() {
        thread.start();
    }

    /**
     * Current state for a serial number; {@link Sighting#NONE} if nothing is known, {@link Sighting#PLACEHOLDER} if the text is a
     * placeholder.
     */
    public Sighting sighting(SerialNumber serialNumber) {
        return serialNumbers.isPlaceholder(serialNumber.text())
                ? Sighting.PLACEHOLDER
                : follower.shown().sighting(serialNumber);
    }

    /** Every serial number that is known, in no order; what changes meanwhile may or may not be seen. */
    public void forEach(BiConsumer<SerialNumber, Sighting> reader) {
        follower.shown().forEach(reader);
    }

    /** Empty where no full sweep of the account's devices was ever heard of. */
    public Optional<AccountState> account(String id) {
        return follower.shown().accounts().of(id);
    }

    /** How a device was published; empty where the view does not know it. */
    public Optional<Published> published(String accountId, String deviceId) {
        return follower.shown().fleet().published(accountId, deviceId);
    }

    /**
     * Why the view is not to be relied on, in words: it has not caught up, or could not be followed for some time. Empty where
     * all is well.
     */
    public Optional<String> notReady() {
        return failure().map(fault -> "stopped: " + fault).or(progress::notReady);
    }

    /**
     * Why nothing can be told yet, in words. Empty from the first time that the view has caught up, whatever happens later:
     * what is known then is old at worst, and says how old.
     */
    public Optional<String> nothingYet() {
        return progress.everCaughtUp() ? Optional.empty() : notReady();
    }

    /** Why the view stopped for good; empty while it runs or waits, and after {@link #close}. What it knows can still be asked. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get());
    }

    /** Stops reading; what is known can still be asked. Some seconds at most. */
    @Override
    public void close() {
        follower.stop();
        try {
            thread.join(GRACE.toMillis());
            if (thread.isAlive()) {
                thread.interrupt(); // it waits for an answer of the registry's
                thread.join(GRACE.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (intake) {
            Admin admin = clients.admin();
            try {
                follower.run(new LogEnds(admin, topicNames, unconfirmedTopic));
            } finally {
                admin.close(Duration.ZERO);
            }
        } catch (RuntimeException | Error e) {
            if (e instanceof InterruptException && follower.isStopping()) {
                return;
            }
            failure.set(e);
            LOG.atError().setCause(e).log("View stops; what it knows stays");
        }
    }
}
