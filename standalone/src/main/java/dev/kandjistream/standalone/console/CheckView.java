package dev.kandjistream.standalone.console;

import dev.kandjistream.config.Durations;
import dev.kandjistream.poller.check.AccountCheck.EndpointResult;
import dev.kandjistream.poller.check.AccountCheck.Estimate;
import dev.kandjistream.poller.check.AccountCheck.LaneCost;
import dev.kandjistream.poller.check.AccountCheck.Result;
import dev.kandjistream.standalone.console.Terminal.Style;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;

/** What a check of an account found, as lines: each endpoint, what the intervals cost, how fresh the data will be. */
public final class CheckView {
    private final Terminal terminal;

    public CheckView(Terminal terminal) {
        this.terminal = terminal;
    }

    /** @param name what to call the account */
    public List<String> lines(String name, Result result) {
        List<String> lines = new ArrayList<>();
        boolean passed = result.passed();
        lines.add(terminal.mark(passed) + " " + terminal.styled(Style.STRONG, name) + "  " + result.url() + "  "
                + (passed ? "can be polled" : "cannot be polled"));
        Set<String> mendings = new LinkedHashSet<>();
        for (EndpointResult endpoint : result.endpoints()) {
            lines.addAll(endpoint(endpoint));
            endpoint.mending().ifPresent(mendings::add);
        }
        // Endpoints mostly fail for one reason: it is told once.
        mendings.forEach(mending -> lines.add("    to mend    " + Terminal.safe(mending)));
        if (passed) {
            lines.addAll(cost(result.estimate()));
            lines.add("    freshness  devices at most " + rounded(result.devicesFreshness()) + " old, apps at most "
                    + rounded(result.appsFreshness()) + ", beside what devices have not reported yet");
        }
        return lines;
    }

    private List<String> endpoint(EndpointResult endpoint) {
        List<String> lines = new ArrayList<>();
        String mark = endpoint.permitted() || endpoint.required()
                ? terminal.mark(endpoint.permitted())
                : terminal.styled(Style.WARN, "-");
        lines.add("    " + mark + " " + String.format("%-32s", endpoint.endpoint())
                + (endpoint.required() ? "required  " : "optional  ")
                + (endpoint.permitted() ? "permitted      " : "not permitted  ") + endpoint.purpose());
        endpoint.found().ifPresent(found -> lines.add("        found " + Terminal.safe(found)));
        return lines;
    }

    private List<String> cost(Estimate estimate) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "    cost       requests an hour, of a share of " + number(OptionalLong.of(estimate.allowed())) + ":");
        for (LaneCost lane : estimate.lanes()) {
            lines.add(String.format(
                    "    %14s  %s", lane.requests().isPresent() ? number(lane.requests()) : "?", what(lane, estimate)));
        }
        if (!estimate.fits()) {
            lines.add("               "
                    + terminal.styled(
                            Style.WARN,
                            "more than its share: sweeps will take longer than their intervals."
                                    + " Raise apps_interval, delta_interval or quota_share."));
        }
        return lines;
    }

    private static String what(LaneCost lane, Estimate estimate) {
        String every = " every " + Durations.format(lane.interval());
        return switch (lane.kind()) {
            case DEVICES ->
                "the device list," + every + ", " + number(estimate.devices()) + " devices: never slowed down";
            case TARGETED -> "audit events," + every + ", and the devices they name";
            case DELTA -> "apps of devices that reported," + every + ", about daily each: slows second";
            case APPS -> "all app rows," + every + ", " + number(estimate.appRows()) + " of them: slows first";
        };
    }

    private static String number(OptionalLong number) {
        return number.isPresent() ? String.format(Locale.ROOT, "%,d", number.getAsLong()) : "an unknown number of";
    }

    /** To the second above: nobody plans by milliseconds. */
    private static String rounded(Duration duration) {
        return Durations.format(Duration.ofSeconds(duration.plusMillis(999).toSeconds()));
    }
}
