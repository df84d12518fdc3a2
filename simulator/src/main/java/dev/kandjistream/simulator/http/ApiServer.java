package dev.kandjistream.simulator.http;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.kandjistream.simulator.fleet.Fleet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves one tenant's API on one port, and beside {@code /api} what others mount. */
public final class ApiServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);

    static {
        // Without it small answers wait some 40 ms for the client's acknowledgement. Read once, when the server's
        // classes are loaded.
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
    }

    private final Access access;
    private final Budget budget;
    private final Faults faults = new Faults();
    private final RequestLog requests = new RequestLog();
    private final ExportPace exports = new ExportPace();
    private final ExportFiles files;
    private final HttpServer server;
    private final ExecutorService threads;

    /**
     * Starts serving.
     *
     * @param address port 0 for a free one
     * @throws UncheckedIOException where the address cannot be had
     */
    public ApiServer(Fleet fleet, TenantForm form, String token, RateLimits limits, InetSocketAddress address) {
        this.access = new Access(token);
        this.budget = new Budget(limits, form, InstantSource.system());
        try {
            this.server = HttpServer.create(address, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The simulator cannot listen on " + address + ": " + e.getMessage()
                            + ". Choose another port, or 0 for a free one.",
                    e);
        }
        var number = new AtomicInteger();
        this.threads = Executors.newCachedThreadPool(task -> {
            var thread =
                    new Thread(task, "simulator-" + server.getAddress().getPort() + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        var jobs = new Exports(fleet, form, exports);
        this.files = new ExportFiles(server.getAddress().getAddress(), threads, jobs, faults, requests);
        var endpoints = new Endpoints(fleet, form, jobs, files);
        server.createContext("/", guarded(new ApiHandler(endpoints, form, access, budget, faults, requests)));
        server.start();
    }

    /** Serves something else under the path. */
    public void mount(String path, HttpHandler handler) {
        server.createContext(path, guarded(handler));
    }

    /** A fault of ours would otherwise end the connection without a word. */
    static HttpHandler guarded(HttpHandler handler) {
        return exchange -> {
            try {
                handler.handle(exchange);
            } catch (RuntimeException e) {
                LOG.atError()
                        .setCause(e)
                        .addKeyValue("path", exchange.getRequestURI().getPath())
                        .log("The simulator could not answer");
                exchange.close();
            }
        };
    }

    public InetSocketAddress address() {
        return server.getAddress();
    }

    public Access access() {
        return access;
    }

    public Budget budget() {
        return budget;
    }

    public Faults faults() {
        return faults;
    }

    public ExportPace exports() {
        return exports;
    }

    public RequestLog requests() {
        return requests;
    }

    /** Ends at once; open connections are cut. */
    @Override
    public void close() {
        server.stop(0);
        files.close();
        threads.shutdownNow();
    }
}
