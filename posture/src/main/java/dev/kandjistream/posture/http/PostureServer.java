package dev.kandjistream.posture.http;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.HandlerType;
import io.javalin.util.JavalinException;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The API over HTTP, with TLS where there is a certificate, until closed. */
public final class PostureServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PostureServer.class);

    /** Nothing waits on a thread but the writing of long answers to slow readers. */
    private static final int MOST_THREADS = 64;

    private static final int THREADS = 4;
    /** Of a connection; also between two pieces of one body. */
    private static final Duration IDLE = Duration.ofSeconds(30);

    private static final Duration DRAIN = Duration.ofSeconds(3);
    /** Between two looks at the files of TLS. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Javalin javalin;
    private final Settings settings;
    private final Optional<ServerCertificate> certificate;
    private final int port;

    private PostureServer(Javalin javalin, Settings settings, Optional<ServerCertificate> certificate) {
        this.javalin = javalin;
        this.settings = settings;
        this.certificate = certificate;
        port = javalin.port();
    }

    /**
     * Listens as soon as this returns.
     *
     * @throws IOException where the port is taken, the address is not this machine's, or a file of TLS will not do
     */
    public static PostureServer start(Settings settings, DecisionSource source, Tokens tokens, MeterRegistry registry)
            throws IOException {
        return start(settings, source, tokens, registry, DRAIN);
    }

    /** @param drain how long running requests get to end after a close */
    static PostureServer start(
            Settings settings, DecisionSource source, Tokens tokens, MeterRegistry registry, Duration drain)
            throws IOException {
        Optional<ServerCertificate> certificate = settings.tls().isPresent()
                ? Optional.of(ServerCertificate.open(settings.tls().get(), registry, LOOK))
                : Optional.empty();
        var threads = new QueuedThreadPool(MOST_THREADS, THREADS);
        threads.setName("posture-http");
        threads.setDaemon(true);
        var metrics = new RequestMetrics(registry);
        var api = new Api(new Gate(tokens, settings), source, settings, threads);
        Javalin javalin = Javalin.create(config -> {
            config.jetty.threadPool = threads;
            config.jetty.modifyServer(server -> configure(server, metrics, drain));
            config.jetty.modifyHttpConfiguration(PostureServer::configure);
            config.jetty.addConnector((server, http) -> connector(server, http, settings, certificate));
            config.requestLogger.http(metrics::count);
            configure(config, api);
        });
        try {
            javalin.start();
        } catch (JavalinException refused) {
            certificate.ifPresent(ServerCertificate::close);
            javalin.stop();
            throw new IOException(
                    "expected to listen at " + settings.host() + ":" + settings.port() + ", found it taken or not this"
                            + " machine's; give another one",
                    refused);
        }
        var server = new PostureServer(javalin, settings, certificate);
        LOG.atInfo().addKeyValue("url", server.url()).log("Decisions can be asked for");
        return server;
    }

    private static void configure(JavalinConfig config, Api api) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.router.ignoreTrailingSlashes = false;
        config.http.prefer405over404 = true;
        // What is set here Jetty takes for UTF-8 of a kind it knows, and says so of whatever is set later.
        config.http.defaultContentType = Problem.CONTENT_TYPE;
        config.http.compressionStrategy = CompressionStrategy.NONE;
        config.routes.before(ctx -> ctx.header("Cache-Control", "no-store"));
        for (Api.Route route : api.routes()) {
            config.routes.addHttpHandler(HandlerType.findOrCreate(route.method()), route.path(), route.handler());
            if (route.method().equals("GET")) {
                // Javalin's own answer to HEAD is 200 for whatever is asked of by whomever.
                config.routes.head(route.path(), route.handler());
            }
        }
        Problems.register(config);
    }

    private static void configure(Server server, RequestMetrics metrics, Duration drain) {
        server.setHandler(new GracefulHandler());
        server.setErrorHandler(new ErrorPages(metrics));
        server.setStopTimeout(drain.toMillis());
    }

    private static void configure(HttpConfiguration http) {
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(8_192);
    }

    private static Connector connector(
            Server server, HttpConfiguration http, Settings settings, Optional<ServerCertificate> certificate) {
        var plain = new HttpConnectionFactory(http);
        ServerConnector connector = certificate
                .map(shown -> new SslConnectionFactory(shown.context(), "http/1.1"))
                .map(tls -> new ServerConnector(server, 1, -1, tls, plain))
                .orElseGet(() -> new ServerConnector(server, 1, -1, plain));
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        connector.setIdleTimeout(IDLE.toMillis());
        // A connection without a request is not worth waiting for; one whose request is waiting for its decision is not
        // idle.
        connector.setShutdownIdleTimeout(100);
        return connector;
    }

    /** The port that is listened on. */
    public int port() {
        return port;
    }

    /** Where it is reached from this machine, without a slash at the end. */
    public String url() {
        String host =
                switch (settings.host()) {
                    case "0.0.0.0", "::" -> "127.0.0.1";
                    default -> settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
                };
        return (settings.tls().isPresent() ? "https://" : "http://") + host + ":" + port;
    }

    /** Takes no more requests, and lets those that run end, for a few seconds. */
    @Override
    public void close() {
        certificate.ifPresent(ServerCertificate::close);
        try {
            javalin.stop();
        } catch (JavalinException late) {
            LOG.atWarn().log("Requests that did not end in time were cut off by the stop");
        }
    }
}
