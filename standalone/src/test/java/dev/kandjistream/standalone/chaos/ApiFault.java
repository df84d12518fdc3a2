package dev.kandjistream.standalone.chaos;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kandjistream.simulator.KandjiSimulator;
import dev.kandjistream.simulator.http.Endpoint;
import dev.kandjistream.simulator.http.FaultJson;
import dev.kandjistream.simulator.http.Faults;
import java.time.Duration;
import java.util.EnumSet;
import java.util.function.Consumer;

/**
 * How an API misbehaves for a while. None of these may ever end a seat. What the rules of evidence cannot tell from a real
 * loss is not among them: two answers in a row that lack the same few devices, or the same app rows of one, and claim
 * nothing. Faults in rows therefore concern at least half the fleet, or one answer.
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
    LOST_PLATFORMS(inDevices("'effect':'lose','field':'platform'")),
    UNKNOWN_PLATFORMS(inDevices("'effect':'set','field':'platform','to':'macOS','share':0.5")),
    PLATFORMS_AS_OBJECTS(inDevices("'effect':'retype','field':'platform','to':'object'")),
    LOST_USERS(inDevices("'effect':'lose','field':'user','share':0.5")),
    USERS_AS_TEXT(inDevices("'effect':'retype','field':'user','to':'text'")),
    LOST_USER_IDS(inDevices("'effect':'lose','field':'user.id'")),
    NUMBERED_USER_IDS(inDevices("'effect':'retype','field':'user.id','to':'number'")),
    RENAMED_USER_IDS(inDevices("'effect':'rename','field':'user.id','to':'uuid'")),
    ONE_USER(inDevices("'effect':'set','field':'user','share':0.5,'to':"
            + "{'id':'7','email':'one@x.example','name':'One','is_archived':false}")),
    EXCHANGED_USERS(inDevices("'effect':'swap','field':'user'")),
    REMOVED_DEVICES(inDevices("'effect':'set','field':'is_removed','to':true,'share':0.5")),
    LOST_SERIAL_NUMBERS(inDevices("'effect':'lose','field':'serial_number'")),
    EXCHANGED_SERIAL_NUMBERS(inDevices("'effect':'swap','field':'serial_number'")),
    LARGE_DEVICE_ROWS(inDevices("'effect':'large-row','share':0.5")),
    DEVICE_ROWS_AS_TEXT(inDevices("'effect':'no-object','share':0.5")),
    FIELDS_TWICE(inDevices("'effect':'twice','field':'user'")),
    ABSENT_DEVICES(rows("'effect':'drop','share':0.5,'endpoints':['devices']")),
    LOST_BUNDLE_IDS(rows("'effect':'lose','field':'bundle_id','endpoints':['prism-apps','prism-export']")),
    APP_ROWS_AS_TEXT(rows("'effect':'no-object','share':0.5,'endpoints':['prism-apps','prism-export']")),
    ONE_PARTIAL_APP_LIST(rows("'effect':'partial-apps','rows':3,'times':1,'endpoints':['prism-apps']")),
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

    /** In the device list and in answers about one device. */
    private static Consumer<KandjiSimulator> inDevices(String fault) {
        return rows(fault + ",'endpoints':['devices','device']");
    }

    /** @param fault the simulator's JSON without the braces, in single quotes */
    private static Consumer<KandjiSimulator> rows(String fault) {
        String json = "{" + fault.replace('\'', '"') + "}";
        return simulator -> {
            try {
                FaultJson.add(new ObjectMapper().readTree(json), simulator.faults());
            } catch (JsonProcessingException wrong) {
                throw new IllegalStateException("Not JSON: " + json, wrong);
            }
        };
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
