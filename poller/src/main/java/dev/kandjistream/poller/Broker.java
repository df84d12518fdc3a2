package dev.kandjistream.poller;

import dev.kandjistream.poller.http.Waiting;
import dev.kandjistream.poller.kafka.LedgerUnreadableException;
import dev.kandjistream.poller.kafka.SweepPublisher;
import dev.kandjistream.schemas.TopicAdmin;
import dev.kandjistream.schemas.TopicMismatchException;
import dev.kandjistream.schemas.serde.RegistrySubjects;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics, and a publisher for each ledger partition that has accounts. Waits for a broker that is not there, for as long
 * as it takes; stops the service for what waiting cannot mend.
 */
final class Broker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Broker.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    private final PollerConfig config;
    private final Consumer<Throwable> stop;
    private final Map<Integer, SweepPublisher> publishers = new TreeMap<>();
    private boolean topicsEnsured;
    private volatile String trouble = "waiting for broker and registry";

    /** @param stop told what cannot be mended by waiting */
    Broker(PollerConfig config, Waiting clock, Consumer<Throwable> stop) {
        this.config = config;
        this.stop = stop;
        for (AccountConfig account : config.accounts()) {
            publishers.computeIfAbsent(
                    SweepPublisher.partitionOf(account.id()),
                    partition -> new SweepPublisher(config.topics(), config.kafka(), partition, () -> clock.now()
                            .toEpochMilli()));
        }
    }

    SweepPublisher publisher(String accountId) {
        return publishers.get(SweepPublisher.partitionOf(accountId));
    }

    /** Opens all, which then are ready. */
    void awaitAll() throws InterruptedException {
        for (SweepPublisher publisher : publishers.values()) {
            await(publisher);
        }
    }

    /** Returns when the publisher can publish. */
    void await(SweepPublisher publisher) throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        while (!publisher.isOpen()) {
            try {
                ensureTopics();
                publisher.open();
            } catch (TopicMismatchException | LedgerUnreadableException unmendable) {
                stop.accept(unmendable);
                throw new InterruptedException("the poller stopped: " + unmendable.getMessage());
            } catch (InterruptException interrupted) {
                throw new InterruptedException(interrupted.getMessage());
            } catch (RuntimeException unavailable) {
                Throwable root = root(unavailable);
                trouble = "waiting for broker and registry: " + unavailable.getMessage()
                        + (root == unavailable ? "" : " (" + root.getMessage() + ")");
                LOG.atWarn().addKeyValue("reason", root).log("Ledger cannot be opened yet; trying again");
                Thread.sleep(pause.toMillis());
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            }
        }
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private synchronized void ensureTopics() {
        if (topicsEnsured) {
            return;
        }
        var properties = new HashMap<>(config.kafka());
        properties.putIfAbsent("request.timeout.ms", 10_000);
        properties.putIfAbsent("default.api.timeout.ms", 20_000);
        try (var admin = Admin.create(properties)) {
            TopicAdmin.ensure(admin, config.topics(), config.replicationFactor());
            RegistrySubjects.ensure(config.topics(), config.kafka());
        }
        topicsEnsured = true;
    }

    /** Why nothing can be published yet, or not any more; empty where it can. */
    Optional<String> notReady() {
        boolean all = publishers.values().stream().allMatch(SweepPublisher::isOpen);
        return all ? Optional.empty() : Optional.of(trouble);
    }

    @Override
    public void close() {
        publishers.values().forEach(SweepPublisher::close);
    }
}
