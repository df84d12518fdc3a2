package dev.kandjistream.simulator.fleet;

import java.util.List;

/**
 * A device about to join the fleet.
 *
 * @param person whom it is assigned to; null for nobody
 * @param apps what its first inventory shows
 */
public record Enrolment(Hardware hardware, String name, Person person, List<App> apps) {
    public Enrolment {
        apps = List.copyOf(apps);
    }

    public static Enrolment of(Platform platform, String serial, String name) {
        return new Enrolment(Hardware.of(platform, serial), name, null, List.of());
    }

    public Enrolment assignedTo(Person newPerson) {
        return new Enrolment(hardware, name, newPerson, apps);
    }

    public Enrolment with(App... newApps) {
        return new Enrolment(hardware, name, person, List.of(newApps));
    }
}
