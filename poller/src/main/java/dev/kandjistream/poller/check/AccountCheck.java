package dev.kandjistream.poller.check;

import dev.kandjistream.kandji.http.KandjiClient;
import dev.kandjistream.kandji.http.QuotaGovernor;
import dev.kandjistream.kandji.http.Urgency;
import dev.kandjistream.kandji.http.Waiting;
import dev.kandjistream.poller.AccountConfig;
import dev.kandjistream.poller.AppsBy;
import dev.kandjistream.poller.Kind;
import dev.kandjistream.poller.LookBack;
import dev.kandjistream.poller.PollSettings;
import dev.kandjistream.poller.http.ApiProbe;
import dev.kandjistream.poller.http.ApiProbe.Probed;
import dev.kandjistream.poller.http.AppsReading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Tries an account before anybody relies on it: a handful of requests, one for each endpoint that is needed or of use. */
public final class AccountCheck {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final int PAGE = 300;

    private AccountCheck() {}

    /**
     * One endpoint.
     *
     * @param endpoint method and path
     * @param required whether polling needs it
     * @param permitted whether the API answered as it should
     * @param purpose what it is for
     * @param status of the answer; 0 where there was none
     * @param found what came instead of an answer; empty where it was permitted
     * @param mending what to do about it; empty where it was permitted
     */
    public record EndpointResult(
            String endpoint,
            boolean required,
            boolean permitted,
            String purpose,
            int status,
            Optional<String> found,
            Optional<String> mending) {}

    /**
     * What polling will cost.
     *
     * @param devices as the API tells; empty where it does not
     * @param appRows likewise
     * @param lanes one for each kind of sweep that is made by the clock, those first that are never slowed down
     * @param allowed requests an hour within the account's share
     * @param devicesSweep how long a sweep of the device list takes at least
     * @param appsSweep how long a sweep of the apps takes at least
     */
    public record Estimate(
            OptionalLong devices,
            OptionalLong appRows,
            List<LaneCost> lanes,
            long allowed,
            Duration devicesSweep,
            Duration appsSweep) {

        /** Whether the sweeps fit into the share; true where their cost is unknown. */
        public boolean fits() {
            return lanes.stream().mapToLong(lane -> lane.requests().orElse(0)).sum() <= allowed;
        }

        /** Requests an hour for sweeps of the kind; empty where that is not known, or there are none by the clock. */
        public OptionalLong requests(Kind kind) {
            return lanes.stream()
                    .filter(lane -> lane.kind() == kind)
                    .findFirst()
                    .map(LaneCost::requests)
                    .orElse(OptionalLong.empty());
        }
    }

    /**
     * What one kind of sweep costs.
     *
     * @param interval start of one to the start of the next
     * @param requests an hour; empty where the API does not tell how much there is to read
     */
    public record LaneCost(Kind kind, Duration interval, OptionalLong requests) {}

    /**
     * All of it.
     *
     * @param url normalised
     * @param devicesFreshness how old a device's row is at most when all is well: the interval and the sweep
     * @param appsFreshness likewise for apps; what the device has not reported yet comes on top
     */
    public record Result(
            String accountId,
            String url,
            List<EndpointResult> endpoints,
            Estimate estimate,
            Duration devicesFreshness,
            Duration appsFreshness) {

        /** Whether the account can be polled. */
        public boolean passed() {
            return endpoints.stream().allMatch(endpoint -> endpoint.permitted() || !endpoint.required());
        }
    }

    /** @throws InterruptedException when somebody no longer wants to know */
    public static Result of(AccountConfig account) throws InterruptedException {
        return of(account, Waiting.REAL);
    }

    static Result of(AccountConfig account, Waiting waiting) throws InterruptedException {
        PollSettings settings = account.settings();
        var governor = new QuotaGovernor(
                settings.budget().hourly(),
                settings.budget().share(),
                settings.budget().perSecond(),
                waiting);
        var client = new KandjiClient(
                KandjiClient.newHttpClient(CONNECT_TIMEOUT),
                account.apiUrl().origin(),
                account.token(),
                governor,
                Urgency.DEVICES,
                new KandjiClient.Settings(2, settings.patience().timeout()),
                waiting,
                status -> {});
        return new Run(account, new ApiProbe(client), governor).result();
    }

    private static final class Run {
        private final AccountConfig account;
        private final ApiProbe api;
        private final QuotaGovernor governor;
        private final List<EndpointResult> endpoints = new ArrayList<>();

        Run(AccountConfig account, ApiProbe api, QuotaGovernor governor) {
            this.account = account;
            this.api = api;
            this.governor = governor;
        }

        Result result() throws InterruptedException {
            Probed devices = required("/devices", Map.of("limit", "1", "offset", "0"), "devices, users and seats");
            Probed apps = required("/prism/apps", Map.of("limit", "1", "cursor", ""), "installed apps");
            Probed count = optional("/prism/count", Map.of("category", "apps"), "a second count of app rows");
            Probed licensing =
                    optional("/settings/licensing", Map.of(), "a second count of devices, and the plan's limits");
            optional("/users", Map.of("sizePerPage", "1"), "the directory's view of archived users");
            optional("/audit/events", Map.of("limit", "1"), "hearing of device and user changes within minutes");
            if (devices.someDevice().isPresent()) {
                String device = devices.someDevice().get();
                optional("/devices/{id}", device, "reading one device again");
                optional("/devices/{id}/apps", device, "confirming that a device has no apps any more");
            }
            OptionalLong rows = orElse(apps.total(), count.total());
            boolean byExport = mayExport(rows);
            Estimate estimate = estimate(orElse(devices.total(), licensing.total()), rows, byExport);
            PollSettings settings = account.settings();
            return new Result(
                    account.id(),
                    account.apiUrl().toString(),
                    List.copyOf(endpoints),
                    estimate,
                    settings.intervals().devices().plus(estimate.devicesSweep()),
                    settings.intervals().apps().plus(estimate.appsSweep()));
        }

        /** Asks without beginning an export: that is work for the API and of no use here. */
        private boolean mayExport(OptionalLong rows) throws InterruptedException {
            boolean wanted = account.settings().appsBy() == AppsBy.AUTO;
            String saving = !wanted
                    ? "reading all app rows at once; not used, for apps_by is cursor"
                    : rows.orElse(0) < AppsReading.LEAST_FOR_EXPORT
                            ? "reading all app rows at once, once there are " + AppsReading.LEAST_FOR_EXPORT
                            : "reading all app rows at once: some " + AppsReading.REQUESTS_BY_EXPORT
                                    + " requests a sweep instead of "
                                    + pages(rows).getAsLong();
            Probed begin = add("POST", "/prism/export", false, saving, api.probeExport());
            Probed look = add("GET", "/prism/export/{id}", false, "the same", api.probeExportStatus());
            return wanted
                    && rows.orElse(0) >= AppsReading.LEAST_FOR_EXPORT
                    && begin.failure().isEmpty()
                    && look.failure().isEmpty();
        }

        private Probed required(String path, Map<String, String> query, String purpose) throws InterruptedException {
            return add("GET", path, true, purpose, api.probe(path, query));
        }

        private Probed optional(String path, Map<String, String> query, String purpose) throws InterruptedException {
            return add("GET", path, false, purpose, api.probe(path, query));
        }

        private void optional(String template, String deviceId, String purpose) throws InterruptedException {
            add("GET", template, false, purpose, api.probeDevice(template, deviceId));
        }

        private Probed add(String method, String path, boolean required, String purpose, Probed probed) {
            endpoints.add(new EndpointResult(
                    method + " /api/v1" + path,
                    required,
                    probed.failure().isEmpty(),
                    purpose,
                    probed.status(),
                    probed.failure(),
                    probed.mending()));
            return probed;
        }

        private Estimate estimate(OptionalLong devices, OptionalLong appRows, boolean byExport) {
            PollSettings settings = account.settings();
            long allowed = governor.quota().limit();
            // Both walks may end with an empty page.
            OptionalLong devicesPages = pages(devices);
            OptionalLong appsPages = pages(appRows);
            OptionalLong appsCost = byExport ? OptionalLong.of(AppsReading.REQUESTS_BY_EXPORT) : appsPages;
            return new Estimate(
                    devices,
                    appRows,
                    lanes(devicesPages, appsPages, appsCost),
                    allowed,
                    atLeast(devicesPages.orElse(0), allowed),
                    atLeast(appsCost.orElse(0), allowed));
        }

        private List<LaneCost> lanes(OptionalLong devicesPages, OptionalLong appsPages, OptionalLong appsCost) {
            PollSettings settings = account.settings();
            var lanes = new ArrayList<LaneCost>();
            lanes.add(new LaneCost(
                    Kind.DEVICES,
                    settings.intervals().devices(),
                    hourly(devicesPages, settings.intervals().devices())));
            settings.intervals().audit().ifPresent(interval -> {
                boolean permitted = endpoints.stream()
                        .anyMatch(endpoint -> endpoint.endpoint().endsWith("/audit/events") && endpoint.permitted());
                OptionalLong looks = OptionalLong.of(permitted ? hourly(interval) : 0);
                lanes.add(new LaneCost(Kind.TARGETED, interval, looks));
            });
            settings.intervals()
                    .delta()
                    .ifPresent(interval -> lanes.add(new LaneCost(Kind.DELTA, interval, looks(appsPages, interval))));
            lanes.add(new LaneCost(
                    Kind.APPS,
                    settings.intervals().apps(),
                    hourly(appsCost, settings.intervals().apps())));
            return List.copyOf(lanes);
        }

        /** One for each look, and the pages of rows that it finds: a device reports about daily, and is seen several times. */
        private static OptionalLong looks(OptionalLong appsPages, Duration interval) {
            return appsPages.isPresent()
                    ? OptionalLong.of(hourly(interval)
                            + (long) Math.ceil(appsPages.getAsLong() * LookBack.timesSeen(interval) / 24))
                    : OptionalLong.empty();
        }

        private static long hourly(Duration interval) {
            return (long) Math.ceil(3_600_000.0 / interval.toMillis());
        }

        private static OptionalLong pages(OptionalLong rows) {
            return rows.isPresent() ? OptionalLong.of((rows.getAsLong() + PAGE - 1) / PAGE + 1) : OptionalLong.empty();
        }

        private static OptionalLong hourly(OptionalLong pages, Duration interval) {
            return pages.isPresent()
                    ? OptionalLong.of(-Math.floorDiv(-pages.getAsLong() * 3_600_000, interval.toMillis()))
                    : OptionalLong.empty();
        }

        private Duration atLeast(long pages, long allowed) {
            long burst = allowed / 5;
            long throttled = Math.max(0, pages - burst);
            double seconds = (double) Math.min(pages, burst)
                            / account.settings().budget().perSecond()
                    + throttled * 3600.0 / Math.max(1, allowed - burst);
            return Duration.ofMillis((long) (seconds * 1000));
        }

        private static OptionalLong orElse(OptionalLong first, OptionalLong second) {
            return first.isPresent() ? first : second;
        }
    }
}
