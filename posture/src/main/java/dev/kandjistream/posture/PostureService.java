package dev.kandjistream.posture;

import dev.kandjistream.config.ConfigException;
import dev.kandjistream.config.Fault;
import dev.kandjistream.posture.domain.AccountState;
import dev.kandjistream.posture.domain.LiveLookup;
import dev.kandjistream.posture.domain.Published;
import dev.kandjistream.posture.domain.SerialNumber;
import dev.kandjistream.posture.domain.Sighting;
import dev.kandjistream.posture.http.PostureServer;
import dev.kandjistream.posture.http.TokenFile;
import dev.kandjistream.posture.kafka.DecisionLog;
import dev.kandjistream.posture.kafka.PostureView;
import dev.kandjistream.posture.live.LiveLookups;
import dev.kandjistream.posture.policy.PolicyFile;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers by serial number, from memory. Waits for a broker that is not there; without one it goes on deciding on what it knew
 * last. Any number of them may run, each for itself. Start and close it once.
 */
public final class PostureService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PostureService.class);
    /** Between two looks at the policy's file. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final PostureConfig config;
    private final MeterRegistry meters;
    private final SteadyClock clock;
    private final Duration patience;
    /** What was opened, the latest first, and closed in this order. */
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    private volatile PostureView view;
    private volatile PolicyFile policy;
    private volatile DecisionLog log;
    private volatile PostureServer server;

    public PostureService(PostureConfig config, MeterRegistry meters) {
        this(config, meters, SteadyClock.start(), PostureView.PATIENCE);
    }

    /** @param patience how long there may be nothing to hear of the topics before that is told */
    PostureService(PostureConfig config, MeterRegistry meters, SteadyClock clock, Duration patience) {
        this.config = config;
        this.meters = meters;
        this.clock = clock;
        this.patience = patience;
    }

    /**
     * Begins to read, and to answer. Answers are refused until what there is has been read ({@link #notReady}).
     *
     * @throws ConfigException where policy or tokens are at fault, the address is taken, or a file of TLS will not do
     */
    public void start() {
        try {
            open();
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    private void open() {
        clock.tell(meters);
        policy = opened(PolicyFile.open(config.policy()).watch(LOOK));
        Gauge.builder("posture.policy.sound", policy, file -> file.fault().isEmpty() ? 1 : 0)
                .description("1 where the policy in force is that of the file as it is now")
                .register(meters);
        TokenFile tokens = opened(TokenFile.open(config.tokens(), meters));
        view = opened(new PostureView(
                config.topics(), config.kafka(), config.allowedAge(), config.serialNumbers(), meters, patience));
        view.start();
        log = opened(DecisionLog.start(
                config.topics(), config.kafka(), config.replicationFactor(), DecisionLog.DEFAULT_CAPACITY, meters));
        var decider = new Decider(new Known(view), live(), policy, log::add, clock, meters);
        try {
            server = opened(PostureServer.start(config.api(), decider, tokens, meters));
        } catch (IOException refused) {
            throw new ConfigException(
                    "Where posture is asked",
                    List.of(new Fault(new Fault.Place("posture", 0), "", refused.getMessage())));
        }
    }

    private Decider.Live live() {
        if (config.live().isEmpty()) {
            if (!policy.get().liveLookup().equals(LiveLookup.NEVER)) {
                LOG.atWarn()
                        .addKeyValue("policy", config.policy())
                        .log(
                                "The policy wants live lookups, which the configuration does not allow; the view alone answers");
            }
            return (serialNumber, seen, deadline) -> CompletableFuture.completedFuture(seen);
        }
        LiveConfig live = config.live().get();
        return opened(new LiveLookups(
                live.accounts(), live.settings(), clock, System::nanoTime, new Known(view), meters))::ask;
    }

    private <T extends AutoCloseable> T opened(T part) {
        opened.push(part);
        return part;
    }

    /**
     * Why this service is not ready, in words: it has not caught up, cannot follow, its policy is not the file's, or decisions
     * are not recorded. Once it has caught up for the first time, it still answers.
     */
    public Optional<String> notReady() {
        if (server == null) {
            return Optional.of("not started");
        }
        String reasons = Stream.of(view.notReady(), policy.fault(), log.trouble())
                .flatMap(Optional::stream)
                .collect(Collectors.joining("; "));
        return Optional.of(reasons).filter(words -> !words.isEmpty());
    }

    /** Why it stopped for good; empty while it works or waits, and after {@link #close}. */
    public Optional<Throwable> failure() {
        PostureView following = view;
        return following == null ? Optional.empty() : following.failure();
    }

    /** Where it is asked, without a slash at the end. Only once started. */
    public String url() {
        return server.url();
    }

    /** Takes no more questions, then writes what was decided, as far as that is possible within seconds. */
    @Override
    public void close() {
        RuntimeException failure = null;
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception failed) {
                var told = new IllegalStateException("Posture did not close well", failed);
                if (failure == null) {
                    failure = told;
                } else {
                    failure.addSuppressed(told);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private record Known(PostureView view) implements Decider.View, LiveLookups.View {
        @Override
        public Optional<AccountState> account(String id) {
            return view.account(id);
        }

        @Override
        public Optional<Published> published(String accountId, String deviceId) {
            return view.published(accountId, deviceId);
        }

        @Override
        public Sighting sighting(SerialNumber serialNumber) {
            return view.sighting(serialNumber);
        }

        @Override
        public Optional<String> nothingYet() {
            return view.nothingYet();
        }
    }
}
