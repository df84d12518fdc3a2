package dev.kandjistream.standalone.chaos;

import dev.kandjistream.simulator.KandjiSimulator;
import dev.kandjistream.simulator.http.Endpoint;
import dev.kandjistream.simulator.http.Faults;
import java.time.Duration;
import java.util.EnumSet;
import java.util.function.Consumer;

/**
 * How an API misbehaves for a while. None of these may ever end a seat. What the rules of evidence cannot tell from a real
 * loss is not among them: two answers in a row that lack the same few devices and claim nothing.
 */
enum ApiFault {
    ERRORS(everywhere(on -> on.status(500))),
    UNAVAILABLE_WITH_HINT(everywhere(on -> on.status(503, Duration.ofSeconds(1)))),
    TOO_MANY_REQUESTS(everywhere(on -> on.status(429, Duration.ofSeconds(1)))),
    HTML(everywhere(Faults.Choice::html)),
    CUT_BODIES(everywhere(Faults.Choice::cutBody)),
    HANGING_UP(everywhere(Faults.Choice::hangUp)),
    SLOW_BODIES(everywhere(on -> on.slowBody(4000, Duration.ofMillis(150)))),
    LATE_ANSWERS(everywhere(on -> on.delay(Duration.ofMillis(1500)))),
    ERRORS_AFTER_THE_FIRST_PAGES(everywhere(on -> on.after(3).status(500))),
    EMPTY_LISTS(everywhere(Faults.Choice::emptyPage)),
    EMPTY_DEVICE_LIST(on(Endpoint.DEVICES, Faults.Choice::emptyPage)),
    EMPTY_APP_LIST(on(Endpoint.PRISM_APPS, Faults.Choice::emptyPage)),
    EMPTY_TENANT(everywhere(Faults.Choice::emptyFleet)),
    SHORT_DEVICE_LIST(simulator -> {
        simulator.faults().on(Endpoint.DEVICES).times(1).shortPage(5);
        simulator.faults().on(Endpoint.DEVICES).after(1).emptyPage();
    }),
    SHORT_APP_PAGES(on(Endpoint.PRISM_APPS, on -> on.shortPage(40))),
    SKIPPED_APP_ROWS(on(Endpoint.PRISM_APPS, on -> on.shift(25))),
    REPEATED_CURSORS(on(Endpoint.PRISM_APPS, Faults.Choice::repeatedCursor)),
    EXPIRED_CURSORS(on(Endpoint.PRISM_APPS, Faults.Choice::expiredCursor)),
    MISSING_CURSORS(on(Endpoint.PRISM_APPS, Faults.Choice::noCursor)),
    IGNORED_FILTERS(everywhere(Faults.Choice::ignoredFilter)),
    NO_USERS(everywhere(Faults.Choice::noUsers)),
    UNAUTHORIZED(simulator -> simulator.access().revokeToken()),
    FORBIDDEN(simulator -> simulator.access().permit(EnumSet.noneOf(Endpoint.class))),
    APPS_FORBIDDEN(simulator -> simulator.access().permit(EnumSet.of(Endpoint.DEVICES)));

    private final Consumer<KandjiSimulator> onset;

    ApiFault(Consumer<KandjiSimulator> onset) {
        this.onset = onset;
    }

    private static Consumer<KandjiSimulator> everywhere(Consumer<Faults.Choice> fault) {
        return simulator -> fault.accept(simulator.faults().on());
    }

    private static Consumer<KandjiSimulator> on(Endpoint endpoint, Consumer<Faults.Choice> fault) {
        return simulator -> fault.accept(simulator.faults().on(endpoint));
    }

    void begin(KandjiSimulator simulator) {
        onset.accept(simulator);
    }

    /** Ends whatever fault there is. */
    static void end(KandjiSimulator simulator) {
        simulator.faults().clear();
        simulator.access().permitAll();
        simulator.access().replaceToken(simulator.tenant().token());
    }
}
