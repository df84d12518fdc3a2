package dev.kandjistream.simulator.fleet;

import java.util.List;
import java.util.Random;

/** Who gets which device: a Mac for each in turn, phones for anybody, many iPads for the kiosk, some for nobody. */
final class SeatingPlan {
    private final Random random;
    private final List<Person> people;
    private final Person kiosk;
    private int kioskLeft;
    private int nextMac;

    SeatingPlan(Random random, List<Person> people, Person kiosk, int devices) {
        this.random = random;
        this.people = people;
        this.kiosk = kiosk;
        this.kioskLeft = devices < 50 ? 0 : devices / 25;
    }

    /** Null for nobody. */
    Person next(Platform platform) {
        if (platform == Platform.IPAD && kioskLeft > 0) {
            kioskLeft--;
            return kiosk;
        }
        int unassignedPercent = platform == Platform.APPLE_TV ? 75 : 6;
        if (random.nextInt(100) < unassignedPercent) {
            return null;
        }
        return platform == Platform.MAC && nextMac < people.size()
                ? people.get(nextMac++)
                : people.get(random.nextInt(people.size()));
    }
}
