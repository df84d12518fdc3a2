package dev.kandjistream.simulator.script;

import static dev.kandjistream.simulator.script.Cast.played;
import static dev.kandjistream.simulator.script.Cast.thing;
import static dev.kandjistream.simulator.script.Cast.user;

import dev.kandjistream.simulator.fleet.Catalogue;
import dev.kandjistream.simulator.fleet.Device;
import dev.kandjistream.simulator.fleet.Enrolment;
import dev.kandjistream.simulator.fleet.Hardware;
import dev.kandjistream.simulator.fleet.Person;
import dev.kandjistream.simulator.fleet.Platform;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Changes of devices and of who has them. Each is empty where the fleet has nothing it could happen to. */
final class DevicePlays {
    private static final List<Platform> NEW = List.of(Platform.MAC, Platform.IPHONE, Platform.IPAD);
    private static final List<String> HIRES = List.of(
            "Alba Reyes", "Tariq Aziz", "Freya Lund", "Kenji Mori", "Nadia Popescu", "Hugo Brandt", "Zoé Martin");

    private final Cast cast;
    private int hired;

    DevicePlays(Cast cast) {
        this.cast = cast;
    }

    Optional<Played> enrol() {
        Platform platform = NEW.get(cast.random.nextInt(NEW.size()));
        Person person = cast.random.nextInt(3) == 0
                ? hire()
                : cast.user(p -> !p.archived()).orElseGet(this::hire);
        String serial = "N"
                + Long.toString(cast.random.nextInt(Integer.MAX_VALUE) + 2_176_782_336L, 36)
                        .toUpperCase(Locale.ROOT);
        int rows = cast.device(device -> device.platform() == platform)
                .map(device -> device.rows().size())
                .orElse(20);
        Device device = cast.fleet.enrol(new Enrolment(
                Hardware.of(platform, serial),
                person.name().split(" ")[0] + "’s " + platform.word(),
                person,
                Catalogue.draw(platform, cast.random, rows)));
        return Optional.of(played(Change.ENROL, device, person.name() + " gets a new " + thing(device)));
    }

    private Person hire() {
        String name = HIRES.get(hired % HIRES.size());
        String local = name.toLowerCase(Locale.ROOT).replace(' ', '.').replace("é", "e");
        String email = local + (hired < HIRES.size() ? "" : hired) + "@newhires.example";
        hired++;
        return cast.fleet.hire(name, email);
    }

    Optional<Played> assign() {
        return cast.device(device -> device.person() == null && NEW.contains(device.platform()))
                .flatMap(device -> give(Change.ASSIGN, device));
    }

    Optional<Played> reassign() {
        return cast.device(device -> device.person() != null && NEW.contains(device.platform()))
                .flatMap(device -> give(Change.REASSIGN, device));
    }

    private Optional<Played> give(Change change, Device device) {
        String before = user(device);
        return cast.user(person -> !person.archived() && !person.equals(device.person()))
                .map(person -> {
                    cast.fleet.assign(device, person);
                    return played(change, device, thing(device) + " goes from " + before + " to " + person.name());
                });
    }

    Optional<Played> unassign() {
        return cast.device(device -> device.person() != null).map(device -> {
            String before = user(device);
            cast.fleet.unassign(device);
            return played(Change.UNASSIGN, device, before + " gives back " + thing(device));
        });
    }

    Optional<Played> remove() {
        return cast.device(device -> device.person() != null).map(device -> {
            cast.fleet.remove(device);
            return played(Change.REMOVE, device, thing(device) + " of " + user(device) + " is removed");
        });
    }

    Optional<Played> markRemoved() {
        return cast.device(device -> device.person() != null).map(device -> {
            cast.fleet.markRemoved(device);
            return played(Change.MARK_REMOVED, device, thing(device) + " of " + user(device) + " is marked as removed");
        });
    }

    Optional<Played> reenrol() {
        return cast.device(device -> device.person() != null && NEW.contains(device.platform()))
                .map(old -> {
                    Device device = cast.fleet.reenrol(old);
                    return played(
                            Change.REENROL,
                            device,
                            thing(device) + " of " + user(device) + " enrols anew under a new id");
                });
    }

    Optional<Played> rename() {
        return cast.device(device -> device.person() != null).map(device -> {
            String name = device.name() + " (" + (1 + cast.random.nextInt(99)) + ")";
            cast.fleet.rename(device, name);
            return played(Change.RENAME_DEVICE, device, thing(device) + " is now called " + name);
        });
    }

    Optional<Played> checkIn() {
        return cast.device(device -> true).map(device -> {
            cast.fleet.collect(device);
            return played(Change.CHECK_IN, device, thing(device) + " checks in, nothing new");
        });
    }
}
