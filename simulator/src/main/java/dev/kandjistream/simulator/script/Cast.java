package dev.kandjistream.simulator.script;

import dev.kandjistream.simulator.fleet.Device;
import dev.kandjistream.simulator.fleet.Fleet;
import dev.kandjistream.simulator.fleet.Person;
import dev.kandjistream.simulator.fleet.Platform;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;

/** Finds whom and what a change can happen to, and words it. */
final class Cast {
    final Fleet fleet;
    final Random random;

    Cast(Fleet fleet, Random random) {
        this.fleet = fleet;
        this.random = random;
    }

    <T> Optional<T> anyOf(List<T> candidates) {
        return candidates.isEmpty() ? Optional.empty() : Optional.of(candidates.get(random.nextInt(candidates.size())));
    }

    Optional<Device> device(Predicate<Device> wanted) {
        return anyOf(fleet.devices().stream()
                .filter(device -> !device.removed())
                .filter(wanted)
                .toList());
    }

    /** A Mac that somebody has: its apps count. */
    Optional<Device> mac() {
        return device(device -> device.platform() == Platform.MAC && device.person() != null);
    }

    /** Somebody with a device, as most events concern them. */
    Optional<Person> user(Predicate<Person> wanted) {
        return anyOf(fleet.devices().stream()
                .map(Device::person)
                .filter(person -> person != null && wanted.test(person))
                .distinct()
                .toList());
    }

    static String user(Device device) {
        return device.person() == null ? "nobody" : device.person().name();
    }

    static String thing(Device device) {
        String serial = device.hardware().serial();
        return device.platform().word() + " " + (serial.isEmpty() ? device.name() : serial);
    }

    static Played played(Change change, Device device, String description) {
        return new Played(
                change,
                description,
                device.id(),
                device.person() == null ? null : device.person().key());
    }

    static Played played(Change change, Person person, String description) {
        return new Played(change, description, null, person.key());
    }
}
