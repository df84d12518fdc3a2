package dev.kandjistream.simulator.fleet;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/** Hires the people of a seeded fleet, odd ones among them. */
final class PeopleSeeder {
    private static final List<String> GIVEN = words(0);
    private static final List<String> FAMILY = words(1);

    private final Fleet fleet;
    private final Random random;
    private final String domain;
    private final Set<String> taken = new HashSet<>();

    PeopleSeeder(Fleet fleet, Random random, String domain) {
        this.fleet = fleet;
        this.random = random;
        this.domain = domain;
    }

    /** The first few are the odd ones, so that small fleets have them too. */
    List<Person> hire(int count) {
        var people = new ArrayList<Person>();
        while (people.size() < count) {
            people.add(next(people));
        }
        return people;
    }

    Person kiosk() {
        return fleet.hire("Front Desk Kiosk", "kiosk@" + domain);
    }

    private Person next(List<Person> before) {
        return switch (before.size()) {
            // Contractors are the same people in every tenant.
            case 1 -> fleet.hire("Robin Vale", "robin.vale@freelance.example");
            case 2 -> fleet.hire("Sam Ortiz", "Sam.Ortiz@Freelance.example");
            case 4 -> fleet.hire(before.get(3).name(), email("namesake"));
            case 5 -> fleet.hireWithoutId("Local Account", email("local.account"));
            case 6 -> fleet.hire("Service Account", "");
            case 7 -> fleet.archive(anybody());
            default -> anybody();
        };
    }

    private Person anybody() {
        String given = GIVEN.get(random.nextInt(GIVEN.size()));
        String family = FAMILY.get(random.nextInt(FAMILY.size()));
        Person person = fleet.hire(given + " " + family, email(latin(given) + "." + latin(family)));
        return random.nextInt(25) == 0 ? fleet.archive(person) : person;
    }

    private String email(String wanted) {
        String base = wanted.startsWith(".") || wanted.endsWith(".") ? "user" + wanted.replace(".", "") : wanted;
        String local = base;
        for (int i = 2; !taken.add(local.toLowerCase(Locale.ROOT)); i++) {
            local = base + i;
        }
        // Directories keep emails as they were typed.
        return random.nextInt(6) == 0 ? local + "@" + capital(domain) : (local + "@" + domain).toLowerCase(Locale.ROOT);
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private static String latin(String name) {
        return Normalizer.normalize(name.replace("ß", "ss").replace("ø", "o").replace("Ø", "O"), Normalizer.Form.NFD)
                .replaceAll("[^A-Za-z]", "");
    }

    private static List<String> words(int line) {
        return List.of(Catalogue.lines("names.txt").get(line).split(" ")).stream()
                .map(word -> word.replace('_', ' '))
                .toList();
    }
}
