package dev.kandjistream.standalone.e2e;

import dev.kandjistream.simulator.KandjiSimulator;
import dev.kandjistream.simulator.StoryClock;
import dev.kandjistream.simulator.Tenant;
import dev.kandjistream.simulator.fleet.App;
import dev.kandjistream.simulator.fleet.Device;
import dev.kandjistream.simulator.fleet.Enrolment;
import dev.kandjistream.simulator.fleet.Fleet;
import dev.kandjistream.simulator.fleet.Person;
import dev.kandjistream.simulator.fleet.Platform;
import java.time.Duration;
import java.util.List;

/**
 * The fleet of the fixtures, the same on every call. The program that makes a fixture is compiled with this class against the
 * former version, so it uses nothing but the simulator.
 */
public final class FixtureFleet {
    public static final String ACCOUNT = "acme";

    /** Steps of {@link #step}. Devices and apps are swept before the first one and after each. */
    public static final int STEPS = 5;

    private final KandjiSimulator simulator;
    private Device leaving;

    private FixtureFleet(KandjiSimulator simulator) {
        this.simulator = simulator;
    }

    /** @param simulator started with {@link #tenant}, its fleet not yet changed */
    public static FixtureFleet of(KandjiSimulator simulator) {
        return new FixtureFleet(simulator);
    }

    public static Tenant tenant() {
        return Tenant.us(ACCOUNT, 1).withDevices(20).withAppsPerMac(15);
    }

    /** Brings the fleet to where the fixture ends. */
    public void toItsEnd() {
        for (int step = 1; step <= STEPS; step++) {
            step(step);
        }
    }

    /** @param step from 1 to {@link #STEPS}, in this order */
    public void step(int step) {
        ((StoryClock) simulator.tenant().clock()).advance(Duration.ofMinutes(7));
        Fleet fleet = simulator.fleet();
        switch (step) {
            case 1 -> enrolWithOddValues(fleet);
            case 2 -> changeEachKind(fleet);
            case 3 -> fleet.remove(leaving);
            case 4, 5 -> {
                // An absence needs further sweeps before it ends anything.
            }
            default -> throw new IllegalArgumentException("Expected a step from 1 to " + STEPS + ", was " + step);
        }
    }

    /** Later versions have a normal form of such serial numbers and bundle ids. */
    private void enrolWithOddValues(Fleet fleet) {
        Person dana = fleet.hire("Dana Kim", "Dana.Kim@acme.example");
        fleet.enrol(Enrolment.of(Platform.MAC, " c02xy-low ", "Dana’s Mac")
                .assignedTo(dana)
                .with(
                        App.mac("Figma", "com.figma.Desktop", "125.9"),
                        App.mac("Bare Tool.app", "No value", "1.0"),
                        App.mac("Wide Tool", " com.wide.Tool ", "2.0")));
        leaving = fleet.enrol(Enrolment.of(Platform.MAC, "C02OLD", "Old Mac")
                .assignedTo(dana)
                .with(
                        App.mac("Figma", "com.figma.Desktop", "125.8"),
                        App.mac("Slack", "com.tinyspeck.slackmacgap", "4.1")));
    }

    private void changeEachKind(Fleet fleet) {
        List<Device> devices = List.copyOf(fleet.devices());
        List<Device> macs = fleet.reading(() -> devices.stream()
                .filter(device -> device.platform() == Platform.MAC && device.person() != null && device != leaving)
                .toList());
        Person robin = fleet.hire("Robin Vale", "robin@acme.example");
        fleet.rename(macs.get(0), "Renamed");
        fleet.assign(macs.get(1), robin);
        fleet.unassign(macs.get(2));
        fleet.install(macs.get(3), App.mac("New Helper", "com.example.helper", "1.0"));
        fleet.install(macs.get(4), App.mac("New Thing", "com.example.thing", "1.0"));
        fleet.archive(fleet.person(macs.get(5).person().key()));
        devices.forEach(fleet::collect);
    }
}
