package dev.kandjistream.standalone.demo;

import dev.kandjistream.poller.AccountConfig;
import dev.kandjistream.simulator.Tenant;
import dev.kandjistream.standalone.config.PostureSettings;
import dev.kandjistream.standalone.console.EventLine;
import dev.kandjistream.standalone.console.EventPrinter;
import dev.kandjistream.standalone.console.EventTail;
import dev.kandjistream.standalone.console.SweepConsole;
import dev.kandjistream.standalone.console.SweepConsole.Mode;
import dev.kandjistream.standalone.console.Terminal;
import dev.kandjistream.standalone.console.Terminal.Style;
import dev.kandjistream.standalone.run.Pipeline;
import dev.kandjistream.standalone.run.StopSignal;
import dev.kandjistream.standalone.run.Sweeps;
import dev.kandjistream.sweeps.SweepReceipt;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The demo's story, once everything runs: sweep both accounts, let changes happen to their fleets, sweep again, and show
 * the events that come of it.
 *
 * <pre>fleet changes ─► sweeps ─► (poller, enricher, sink) ─► tables ─► summary
 *                                       └─► topics ─► one line per event</pre>
 */
public final class Demo implements AutoCloseable {
    private static final Duration FOLLOW = Duration.ofMinutes(10);
    private static final Duration BETWEEN_ROUNDS = Duration.ofSeconds(5);
    private static final int ROUNDS_A_DAY = 5;
    private static final int STEPS_A_ROUND = 4;
    /** A device is believed gone when two complete sweeps in a row lack it: one more after a round that removed any. */
    private static final int SWEEPS_UNTIL_GONE = 2;

    private final DemoState state;
    private final List<DemoAccount> accounts;
    private final DemoPosture posture;

    private Demo(DemoState state, List<DemoAccount> accounts, DemoPosture posture) {
        this.state = state;
        this.accounts = accounts;
        this.posture = posture;
    }

    /**
     * Brings the fleets to where they were left, or makes them.
     *
     * @param devices of acme; globex has a fifth of them
     * @throws IllegalArgumentException when the folder remembers other fleets than wanted
     */
    public static Demo prepare(
            Path folder, Optional<Integer> devices, Optional<Integer> appsPerDevice, Optional<Long> seed) {
        DemoState state = DemoState.in(folder, devices, appsPerDevice, seed);
        DemoState.Fleets fleets = state.fleets();
        Tenant acme =
                Tenant.us("acme", fleets.seed()).withDevices(fleets.devices()).withAppsPerMac(fleets.appsPerDevice());
        Tenant globex = Tenant.eu("globex", fleets.seed())
                .withDevices(Math.max(1, fleets.devices() / 5))
                .withAppsPerMac(fleets.appsPerDevice());
        return new Demo(
                state,
                List.of(
                        DemoAccount.start(acme, state.played("acme")),
                        DemoAccount.start(globex, state.played("globex"))),
                DemoPosture.in(folder));
    }

    /** To configure the pipeline with. */
    public List<AccountConfig> accountConfigs() {
        return accounts.stream().map(DemoAccount::config).toList();
    }

    /**
     * To configure posture with.
     *
     * @param port 0 takes a free one
     */
    public PostureSettings postureSettings(int port) {
        return posture.settings(port);
    }

    /** Asks about a device of each kind, and tells how to ask about others. */
    public void showPosture(Stage stage) {
        String url = stage.pipeline().postureUrl().orElseThrow();
        new PostureShow(posture, url, stage.terminal()).of(accounts.get(0));
    }

    /** Where the simulated APIs are, a line each: what to call, and the token. */
    public List<String> apis() {
        return accounts.stream()
                .map(account ->
                        account.url() + "/api/v1/devices?limit=1   " + account.id() + ", token " + account.token())
                .toList();
    }

    /** What the fleets are made of, in words. */
    public String fleets() {
        DemoState.Fleets fleets = state.fleets();
        return "acme (US form, " + fleets.devices() + " devices), globex (EU form, "
                + Math.max(1, fleets.devices() / 5) + " devices), some " + fleets.appsPerDevice() + " apps a Mac, seed "
                + fleets.seed();
    }

    /** Whether the story goes on where another start left it. */
    public boolean continues() {
        return accounts.stream().anyMatch(account -> state.played(account.id()) > 0);
    }

    /** The stage a demo plays on. */
    public record Stage(
            Pipeline pipeline, SweepConsole sweeps, Terminal terminal, StopSignal stop, boolean allEvents) {}

    /** Sweeps both accounts, with bars, and follows that into the tables. */
    public List<SweepReceipt> firstSweeps(Stage stage) {
        stage.sweeps().tell(Mode.BARS);
        var sweeps = new Sweeps(stage.pipeline(), stage.stop());
        List<SweepReceipt> receipts = sweeps.devicesThenApps(ids());
        stage.sweeps().tell(Mode.TROUBLE);
        stage.terminal().line("Following it into the tables");
        sweeps.follow(receipts, FOLLOW, stage.sweeps()::applied);
        return receipts;
    }

    /** Plays without end; left only by {@link StopSignal.Stopped}, or when a part of the pipeline stopped for good. */
    public void playOn(Stage stage) {
        try (EventTail tail = tail(stage)) {
            while (stage.pipeline().failed().isEmpty()) {
                round(stage, tail);
                stage.stop().pause(BETWEEN_ROUNDS);
            }
        }
    }

    /** Plays a day in some rounds. */
    public List<SweepReceipt> playDay(Stage stage) {
        List<SweepReceipt> receipts = new ArrayList<>();
        try (EventTail tail = tail(stage)) {
            for (int round = 0; round < ROUNDS_A_DAY; round++) {
                receipts.addAll(round(stage, tail));
            }
            var sweeps = new Sweeps(stage.pipeline(), stage.stop());
            for (int sweep = 0; sweep < SWEEPS_UNTIL_GONE; sweep++) {
                receipts.addAll(sweeps.devicesThenApps(ids()));
            }
            sweeps.follow(receipts.subList(receipts.size() - 2 * accounts.size(), receipts.size()), FOLLOW);
            tail.awaitQuiet(stage.stop());
        }
        return receipts;
    }

    private List<SweepReceipt> round(Stage stage, EventTail tail) {
        for (DemoAccount account : accounts) {
            for (int step = 0; step < STEPS_A_ROUND; step++) {
                state.aboutToPlay(account.id());
                account.next().ifPresent(played -> stage.terminal()
                        .line(stage.terminal()
                                .styled(
                                        Style.HEADING,
                                        "▸ " + account.id() + ": " + Terminal.safe(played.description()))));
            }
        }
        var sweeps = new Sweeps(stage.pipeline(), stage.stop());
        List<SweepReceipt> receipts = sweeps.devicesThenApps(ids());
        sweeps.follow(receipts, FOLLOW);
        tail.awaitQuiet(stage.stop());
        return receipts;
    }

    private static EventTail tail(Stage stage) {
        Pipeline pipeline = stage.pipeline();
        return EventTail.start(
                pipeline.configuration().topics(),
                pipeline.clientProperties(),
                names -> new EventPrinter(
                        stage.terminal(),
                        new EventLine(stage.terminal(), ZoneId.systemDefault(), names),
                        stage.allEvents())::print);
    }

    private List<String> ids() {
        return accounts.stream().map(DemoAccount::id).toList();
    }

    @Override
    public void close() {
        accounts.forEach(DemoAccount::close);
    }
}
