package dev.kandjistream.simulator.script;

import static dev.kandjistream.simulator.script.Cast.played;

import java.util.Optional;

/** Changes of people. Each is empty where the fleet has nobody it could happen to. */
final class PeoplePlays {
    private final Cast cast;

    PeoplePlays(Cast cast) {
        this.cast = cast;
    }

    Optional<Played> archive() {
        return cast.user(person -> !person.archived()).map(person -> {
            cast.fleet.archive(person);
            return played(Change.ARCHIVE, person, person.name() + " is archived");
        });
    }

    Optional<Played> unarchive() {
        return cast.user(person -> person.archived()).map(person -> {
            cast.fleet.unarchive(person);
            return played(Change.UNARCHIVE, person, person.name() + " is active again");
        });
    }

    Optional<Played> renameEmail() {
        return cast.user(person -> person.email().contains("@")).map(person -> {
            String email = person.email().replaceFirst("@", "." + (char) ('a' + cast.random.nextInt(26)) + "@");
            cast.fleet.renameEmail(person, email);
            return played(Change.RENAME_EMAIL, person, person.name() + " now has the email " + email);
        });
    }

    Optional<Played> rename() {
        return cast.user(person -> !person.name().contains("-")).map(person -> {
            String name = person.name() + "-Berg";
            cast.fleet.rename(person, name);
            return played(Change.RENAME_PERSON, person, person.name() + " is now called " + name);
        });
    }
}
