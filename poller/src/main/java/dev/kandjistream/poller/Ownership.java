package dev.kandjistream.poller;

import dev.kandjistream.kandji.http.Waiting;
import dev.kandjistream.poller.kafka.CommandLog;
import dev.kandjistream.poller.kafka.Destinations;
import dev.kandjistream.poller.kafka.LedgerGroup;
import dev.kandjistream.poller.kafka.LedgerUnreadableException;
import dev.kandjistream.poller.kafka.NotOwnerException;
import dev.kandjistream.poller.kafka.SweepPublisher;
import dev.kandjistream.schemas.RecordLimits;
import dev.kandjistream.schemas.TopicAdmin;
import dev.kandjistream.schemas.TopicLimitException;
import dev.kandjistream.schemas.TopicMismatchException;
import dev.kandjistream.schemas.serde.RegistrySubjects;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which accounts are this poller's now, and a publisher for each ledger partition that has accounts. Waits for a broker that
 * is not there, for as long as it takes; stops the service for what waiting cannot mend.
 */
final class Ownership implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Ownership.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
    private static final Duration GROUP_END = Duration.ofSeconds(15);

    /** Between two looks at the topics: one that is gone takes the accounts with it, and nobody publishes. */
    private static final Duration WATCH = Duration.ofSeconds(5);

    private final PollerConfig config;
    private final Accounts accounts;
    private final LedgerGroup group;
    private final Thread member;
    private final Thread watcher;
    private final CommandLog commands;
    private final Destinations destinations;
    private final RecordLimits limits;
    private final LongSupplier clock;
    private final Map<Integer, SweepPublisher> publishers = new ConcurrentSkipListMap<>();
    private final Set<Integer> owned = new TreeSet<>();
    private boolean joined;
    private volatile String trouble = "waiting for broker and registry";

    /** What ownership begins and ends. */
    interface Accounts {
        /** All there are, whosever they are now. */
        Collection<String> all();

        void gained(String accountId);

        /** Reading ends now; this returns at once. */
        void gone(String accountId);

        /** What cannot be mended by waiting. */
        void stop(Throwable cause);
    }

    Ownership(PollerConfig config, Waiting clock, Accounts accounts) {
        this.config = config;
        this.accounts = accounts;
        group = new LedgerGroup(
                config.topics(),
                config.kafka(),
                config.group().instanceId(),
                config.group().sessionTimeout(),
                new GroupOwner());
        commands = new CommandLog(config.topics(), config.kafka());
        destinations = new Destinations(config.topics(), config.kafka(), config.replicationFactor());
        limits = new RecordLimits(
                config.topics().maxRecordBytes(), SweepPublisher.topics(config.topics()), config.kafka());
        member = new Thread(group, "poller-group");
        member.setDaemon(true);
        watcher = new Thread(this::watchTopics, "poller-topics");
        watcher.setDaemon(true);
        this.clock = () -> clock.now().toEpochMilli();
    }

    /** @throws org.apache.kafka.common.config.ConfigException where the client properties are wrong; connects to nothing */
    SweepPublisher publisher(String accountId) {
        return publishers.computeIfAbsent(
                SweepPublisher.partitionOf(accountId),
                partition -> new SweepPublisher(
                        config.topics(), config.kafka(), partition, clock, group, commands, destinations, limits));
    }

    synchronized boolean owns(String accountId) {
        return owned.contains(SweepPublisher.partitionOf(accountId));
    }

    /** Makes sure of the topics, then becomes a member of the group; returns when it has begun to. */
    void join() throws InterruptedException {
        patiently(this::ensureTopics);
        trouble = "waiting for the pollers' group to share the accounts out";
        member.start();
        watcher.start();
    }

    private void watchTopics() {
        while (true) {
            try {
                Thread.sleep(WATCH.toMillis());
                destinations.watch();
            } catch (InterruptedException | InterruptException closing) {
                return;
            } catch (TopicMismatchException mismatch) {
                // Ready says so, and what is to be published.
                LOG.atDebug().addKeyValue("reason", mismatch.getMessage()).log("Topics do not fit");
            } catch (RuntimeException unavailable) {
                LOG.atDebug().setCause(unavailable).log("Topics cannot be looked at");
            }
        }
    }

    /** Returns when the account is this poller's and its publisher can publish; waits for both. */
    void await(String accountId) throws InterruptedException {
        SweepPublisher publisher = publisher(accountId);
        awaitOwned(accountId);
        patiently(publisher::open);
    }

    /** Returns when the account's publisher can publish, or the account is another poller's. */
    void open(String accountId) throws InterruptedException {
        patiently(() -> {
            if (owns(accountId)) {
                publisher(accountId).open();
            }
        });
    }

    private synchronized void awaitOwned(String accountId) throws InterruptedException {
        while (!owns(accountId)) {
            wait();
        }
    }

    /** What may be interrupted while it waits. */
    private interface Attempt {
        void make() throws InterruptedException;
    }

    private void patiently(Attempt attempt) throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                attempt.make();
                return;
            } catch (TopicMismatchException | LedgerUnreadableException unmendable) {
                accounts.stop(unmendable);
                throw new InterruptedException("the poller stopped: " + unmendable.getMessage());
            } catch (InterruptException interrupted) {
                throw new InterruptedException(interrupted.getMessage());
            } catch (NotOwnerException moving) {
                // The group's next poll takes the partition away, and this thread is interrupted then.
                LOG.atInfo().addKeyValue("reason", moving.getMessage()).log("Ledger is not opened");
            } catch (TopicLimitException tooSmall) {
                trouble = tooSmall.getMessage();
                LOG.atWarn().addKeyValue("reason", trouble).log("Records are not published; trying again");
            } catch (RuntimeException unavailable) {
                Throwable root = root(unavailable);
                trouble = "waiting for broker and registry: " + unavailable.getMessage()
                        + (root == unavailable ? "" : " (" + root.getMessage() + ")");
                LOG.atWarn().addKeyValue("reason", root).log("Ledger cannot be opened yet; trying again");
            }
            Thread.sleep(pause.toMillis());
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private void ensureTopics() {
        var properties = new HashMap<>(config.kafka());
        properties.putIfAbsent("request.timeout.ms", 10_000);
        properties.putIfAbsent("default.api.timeout.ms", 20_000);
        try (var admin = Admin.create(properties)) {
            TopicAdmin.ensure(admin, config.topics(), config.replicationFactor());
            limits.read(admin);
            limits.requireEnough();
            RegistrySubjects.ensure(config.topics(), config.kafka());
        }
    }

    /** Why accounts that are this poller's cannot be published; empty where they can, and where it has none. */
    synchronized Optional<String> notReady() {
        if (!joined) {
            return Optional.of(trouble);
        }
        boolean all = publishers.entrySet().stream()
                .filter(entry -> owned.contains(entry.getKey()))
                .allMatch(entry -> entry.getValue().isOpen());
        return all ? destinations.problem() : Optional.of(trouble);
    }

    /** Leaves the group, so that others take the accounts at once, and closes what is open. */
    @Override
    public void close() {
        watcher.interrupt();
        group.close();
        if (member.getState() == Thread.State.NEW) {
            // Never joined: what closes the consumer is the end of its work.
            group.run();
        }
        try {
            member.join(GROUP_END.toMillis());
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
        try {
            watcher.join(GROUP_END.toMillis());
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
        publishers.values().forEach(SweepPublisher::close);
        commands.close();
        destinations.close();
    }

    private void forEachAccount(Collection<Integer> partitions, Consumer<String> action) {
        accounts.all().stream()
                .filter(account -> partitions.contains(SweepPublisher.partitionOf(account)))
                .forEach(action);
    }

    private final class GroupOwner implements LedgerGroup.Owner {
        @Override
        public void gained(Collection<Integer> partitions) {
            synchronized (Ownership.this) {
                owned.addAll(partitions);
                joined = true;
                Ownership.this.notifyAll();
            }
            forEachAccount(partitions, accountId -> {
                LOG.atInfo().addKeyValue("account", accountId).log("Account is this poller's");
                accounts.gained(accountId);
            });
        }

        @Override
        public void released(Collection<Integer> partitions) {
            giveAway(partitions);
            // Waits for a transaction under way, which takes seconds; heartbeats go on meanwhile.
            partitions.forEach(partition -> with(partition, SweepPublisher::close));
        }

        @Override
        public void lost(Collection<Integer> partitions) {
            giveAway(partitions);
            // What is under way fails by itself: its transaction or its member is not the owner's any more.
            partitions.forEach(partition -> with(partition, SweepPublisher::distrust));
        }

        @Override
        public void failed(Throwable cause) {
            accounts.stop(cause);
        }

        private void giveAway(Collection<Integer> partitions) {
            synchronized (Ownership.this) {
                owned.removeAll(partitions);
            }
            forEachAccount(partitions, accountId -> {
                LOG.atInfo().addKeyValue("account", accountId).log("Account is given away");
                accounts.gone(accountId);
            });
        }

        private void with(int partition, Consumer<SweepPublisher> action) {
            SweepPublisher publisher = publishers.get(partition);
            if (publisher != null) {
                action.accept(publisher);
            }
        }
    }
}
