package dev.kandjistream.standalone.run;

import dev.kandjistream.enricher.EnricherConfig;
import dev.kandjistream.enricher.EnricherService;
import dev.kandjistream.poller.AccountConfig;
import dev.kandjistream.poller.AccountList;
import dev.kandjistream.poller.PollerConfig;
import dev.kandjistream.poller.PollerService;
import dev.kandjistream.poller.SweepListener;
import dev.kandjistream.posture.LiveConfig;
import dev.kandjistream.posture.PostureConfig;
import dev.kandjistream.posture.PostureService;
import dev.kandjistream.posture.http.Settings;
import dev.kandjistream.posture.live.LiveAccount;
import dev.kandjistream.posture.live.LiveSettings;
import dev.kandjistream.sink.SinkConfig;
import dev.kandjistream.sink.SinkService;
import dev.kandjistream.standalone.config.Configuration;
import dev.kandjistream.standalone.config.PostgresSettings;
import dev.kandjistream.standalone.config.PostureSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Configuration to services: the one place that knows how each of them wants to be told. */
final class Services {
    /** Between two looks at what the configuration says of accounts. */
    static final Duration FOLLOWING = Duration.ofSeconds(2);

    static final String POLLER = "poller";
    static final String ENRICHER = "enricher";
    static final String SINK = "sink";
    static final String POSTURE = "posture";

    private Services() {}

    static PollerService poller(
            Configuration configuration,
            Map<String, Object> clientProperties,
            MeterRegistry meters,
            SweepListener listener) {
        return new PollerService(
                new PollerConfig(
                        configuration.topics(),
                        clientProperties,
                        new AccountList(configuration.accounts(), configuration.removed()),
                        configuration.pollers(),
                        configuration.replicationFactor(),
                        configuration.serials().serialNumbers()),
                meters,
                listener);
    }

    static Service service(PollerService poller) {
        return new Service(POLLER, poller::start, poller::close, poller::notReady, poller::failure);
    }

    static Service enricher(Configuration configuration, Map<String, Object> clientProperties, MeterRegistry meters) {
        var settings = configuration.enricher();
        Path state = settings.stateDirectory().orElseGet(() -> DataDirectory.enricher(configuration.dataDir()));
        var enricher = new EnricherService(
                new EnricherConfig(
                        configuration.topics(),
                        clientProperties,
                        configuration.rules(),
                        state,
                        settings.threads(),
                        settings.standbyReplicas(),
                        settings.instanceId(),
                        configuration.replicationFactor(),
                        EnricherConfig.DEFAULT_COMMIT_INTERVAL,
                        settings.unreadableInARow()),
                meters);
        return new Service(ENRICHER, enricher::start, enricher::close, enricher::notReady, enricher::failure);
    }

    /** @param settings the configuration's */
    static PostureService posture(
            Configuration configuration,
            PostureSettings settings,
            Map<String, Object> clientProperties,
            MeterRegistry meters) {
        return new PostureService(
                new PostureConfig(
                        configuration.topics(),
                        clientProperties,
                        settings.policy(),
                        settings.tokens(),
                        api(settings),
                        settings::allowedAge,
                        configuration.serials().serialNumbers(),
                        settings.live().map(live -> live(configuration.accounts(), live)),
                        configuration.replicationFactor()),
                meters);
    }

    private static Settings api(PostureSettings settings) {
        var usual = Settings.DEFAULT;
        return new Settings(
                settings.host(),
                settings.port(),
                settings.tls().map(tls -> new Settings.Tls(tls.certificate(), tls.key())),
                usual.maxBodyBytes(),
                settings.requestsPerSecond(),
                Math.max(usual.maxBatch(), 2 * settings.requestsPerSecond()),
                usual.maxBatch(),
                usual.patience());
    }

    private static LiveConfig live(List<AccountConfig> accounts, PostureSettings.Live live) {
        return new LiveConfig(
                accounts.stream()
                        .map(account -> new LiveAccount(account.id(), account.apiUrl(), account.token()))
                        .toList(),
                new LiveSettings(live.quotaShare(), live.requestsPerSecond(), LiveSettings.USUAL.atOnce()));
    }

    static Service service(PostureService posture) {
        return new Service(POSTURE, posture::start, posture::close, posture::notReady, posture::failure);
    }

    static Service sink(
            Configuration configuration,
            Map<String, Object> clientProperties,
            PostgresSettings database,
            MeterRegistry meters) {
        var sink = new SinkService(sinkConfig(configuration, clientProperties, database), meters);
        return new Service(SINK, sink::start, sink::close, sink::notReady, sink::failure, sink::needsOperator);
    }

    /** Of the sink that runs, and of commands that ask about its tables. */
    static SinkConfig sinkConfig(
            Configuration configuration, Map<String, Object> clientProperties, PostgresSettings database) {
        return new SinkConfig(
                configuration.topics(),
                clientProperties,
                database.url(),
                database.user(),
                database.password(),
                configuration.sink().consumers(),
                configuration.sink().batchRecords(),
                SinkConfig.DEFAULT_NULL_RECORDS_STAY,
                configuration.replicationFactor(),
                configuration.serials().placeholders(),
                configuration.sink().unreadableInARow(),
                configuration.kafka().isEmpty() && configuration.postgres().isEmpty());
    }
}
