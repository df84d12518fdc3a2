package dev.kandjistream.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.poller.Kind;
import dev.kandjistream.simulator.fleet.App;
import dev.kandjistream.simulator.fleet.Device;
import dev.kandjistream.simulator.fleet.Enrolment;
import dev.kandjistream.simulator.fleet.Person;
import dev.kandjistream.simulator.fleet.Platform;
import dev.kandjistream.sweeps.FieldProblem;
import dev.kandjistream.sweeps.SweepReceipt;
import dev.kandjistream.sweeps.WithheldRetraction;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One account of a test, seen from outside: it switches faults on over the simulator's HTTP API, and reads their effects from
 * receipts, change topics and tables.
 */
final class Subject {
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Set<String> ENDINGS =
            Set.of("license.revoked", "license.reassigned", "device.released", "user.removed", "usage.ended");

    private final Stack stack;
    private final Account account;
    private final int mark;
    private final Holdings held;
    private final Consumer<Account> whenRecovered;

    /**
     * From now on nothing that the account holds may end, unless the test ends it.
     *
     * @param whenRecovered gets the account when its tables equal the truth again
     */
    Subject(Stack stack, Account account, Consumer<Account> whenRecovered) {
        this.stack = stack;
        this.account = account;
        this.whenRecovered = whenRecovered;
        mark = stack.read();
        held = stack.holdings(account);
    }

    Account account() {
        return account;
    }

    /** Listed devices with a user, in the order of enrolment. */
    List<Device> assigned() {
        return account.fleet().devices().stream()
                .filter(device -> device.person() != null && !device.removed())
                .toList();
    }

    Device mac(int number) {
        return macs(mac -> true).get(number);
    }

    /** Macs with a user, managed by MDM, whose serial number no other device has. */
    List<Device> macs(Predicate<Device> which) {
        return assigned().stream()
                .filter(device -> device.platform().word().equals("Mac") && device.mdmEnabled())
                .filter(device -> !device.hardware().serial().isEmpty()
                        && !device.hardware().serial().startsWith("ZVM"))
                .filter(which)
                .toList();
    }

    /** A new Mac of a new person; both have names that no other test gives. */
    Device joins(String serial) {
        int number = NAMES.incrementAndGet();
        Person person = account.fleet().hire("New " + number, "new" + number + "@x.example");
        return account.fleet()
                .enrol(Enrolment.of(Platform.MAC, serial, "new-mac-" + number).assignedTo(person));
    }

    /** Several app rows on a device, of apps that no other test installs. */
    List<App> installs(Device device, int count) {
        int number = NAMES.incrementAndGet();
        List<App> apps = IntStream.range(0, count)
                .mapToObj(i -> App.mac("Loaded " + number + "-" + i, "example.loaded" + number + "-" + i, "1.0"))
                .toList();
        account.fleet().install(device, apps.toArray(App[]::new));
        return apps;
    }

    /** Selector of the devices for a fault's JSON. */
    static String these(List<Device> devices) {
        return "\"devices\":["
                + devices.stream().map(device -> "\"" + device.id() + "\"").collect(Collectors.joining(",")) + "]";
    }

    static String these(Device... devices) {
        return these(List.of(devices));
    }

    void faults(String... faults) {
        Stream.of(faults).forEach(fault -> send("POST", fault));
    }

    void endFaults() {
        send("DELETE", "");
    }

    private void send(String method, String body) {
        var request = HttpRequest.newBuilder(URI.create(account.simulator().url() + "/simulator/faults"))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(body + " -> " + answer.body()).isEqualTo(200);
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    SweepReceipt sweep(Kind kind) {
        return stack.sweep(account, kind);
    }

    /** The receipts of this many sweeps, one after another. */
    List<SweepReceipt> sweeps(Kind kind, int count) {
        var receipts = new ArrayList<SweepReceipt>();
        for (int i = 0; i < count; i++) {
            receipts.add(sweep(kind));
        }
        return receipts;
    }

    void command(String action, List<String> deviceIds) {
        stack.command(account, action, deviceIds);
    }

    /** Lines of the change events since the beginning. */
    List<String> lines() {
        stack.read();
        return stack.lines(account, mark);
    }

    List<Logged> events() {
        stack.read();
        return stack.events(account, mark);
    }

    /** No change event ends or hands over what the account held, and tables hold it, with the same users. */
    void nothingHasEnded() {
        assertThat(endings()).as("events that end something or hand it over").isEmpty();
        held.stillStandIn(stack.holdings(account));
    }

    /** Missing items that were held at the beginning; only the first of them, so that a failure is readable. */
    private List<String> endings() {
        return events().stream()
                .filter(event -> ENDINGS.contains(event.text("event_type")))
                .filter(event -> held.hold(ChangeTopic.of(event.topic()), event.key()))
                .map(Logged::line)
                .limit(10)
                .toList();
    }

    /** Ends the faults; the tables soon equal the fleet, and nothing has ended meanwhile. */
    void recovers() {
        endFaults();
        for (Kind kind : List.of(Kind.DEVICES, Kind.APPS)) {
            sweep(kind);
            SweepReceipt receipt = sweep(kind);
            assertThat(receipt.getVerdict())
                    .as("verdict on %s after the faults, reason %s", kind, receipt.getReason())
                    .isEqualTo("COMPLETE");
            assertThat(receipt.getWithheldRetractions())
                    .as("withheld after the faults")
                    .isEmpty();
        }
        nothingHasEnded();
        stack.judgeTruth(account);
        whenRecovered.accept(account);
    }

    /** The tables equal the fleet. */
    void isTruth() {
        stack.read();
        stack.judgeTruth(account);
    }

    /** Sets what the account holds now as what may not end. */
    Subject fromNowOn() {
        return new Subject(stack, account, whenRecovered);
    }

    // ---- reading receipts

    static List<WithheldRetraction> withheld(SweepReceipt receipt, String what) {
        return receipt.getWithheldRetractions().stream()
                .filter(one -> one.getWhat().equals(what))
                .toList();
    }

    static List<FieldProblem> shape(SweepReceipt receipt, String field, String problem) {
        return receipt.getShape().stream()
                .filter(one -> one.getField().equals(field) && one.getProblem().equals(problem))
                .toList();
    }
}
