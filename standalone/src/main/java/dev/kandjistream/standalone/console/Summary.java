package dev.kandjistream.standalone.console;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the tables say about all accounts, as rows. Lists come in the order in which they are shown.
 *
 * @param accounts by id
 * @param seats by account and license type
 * @param users by account and status
 * @param apps the most widespread first, Apple's own left out
 * @param distinctApps how many apps there are, Apple's own among them
 * @param unattributed devices without user, by account; accounts without any left out
 * @param suppressed apps of devices left out, by word; counted since this process began, as tables hold none of them
 */
public record Summary(
        List<Account> accounts,
        List<Count> seats,
        List<Count> users,
        List<App> apps,
        long distinctApps,
        List<Count> unattributed,
        List<Count> suppressed) {

    /** One account with what its last sweeps said, devices first. */
    public record Account(String id, long devices, List<Sweep> sweeps) {
        /** Whether the API can be polled, and whether everything was read whole the last time. */
        public boolean good() {
            return !sweeps.isEmpty()
                    && sweeps.stream()
                            .allMatch(sweep -> sweep.connection().equals("CONNECTED")
                                    && sweep.verdict().equals("COMPLETE"));
        }
    }

    /** The last sweep of one kind. */
    public record Sweep(
            String kind, String verdict, Optional<String> reason, String connection, long rows, Instant finishedAt) {}

    /**
     * How many of what.
     *
     * @param group account id; empty where counted over all
     * @param name license type, status, word
     */
    public record Count(String group, String name, long count) {}

    /** One app over all accounts. */
    public record App(String name, long users, long devices) {}

    public Summary {
        accounts = List.copyOf(accounts);
        seats = List.copyOf(seats);
        users = List.copyOf(users);
        apps = List.copyOf(apps);
        unattributed = List.copyOf(unattributed);
        suppressed = List.copyOf(suppressed);
    }
}
