package dev.kandjistream.simulator.script;

import dev.kandjistream.simulator.fleet.Fleet;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Changes of a fleet, one after the other, each decided from the fleet as it then is: the same seed on the same fleet
 * plays the same. Not for several threads.
 */
public final class Script {
    /** A day on which everything happens once. */
    private static final List<Change> DAY = List.of(
            Change.ENROL,
            Change.INSTALL,
            Change.ASSIGN,
            Change.UPDATE,
            Change.REASSIGN,
            Change.INSTALL_HELPER,
            Change.ARCHIVE,
            Change.UNASSIGN,
            Change.SECOND_COPY,
            Change.RENAME_EMAIL,
            Change.INSTALL_UPDATER,
            Change.REMOVE,
            Change.REENROL,
            Change.UNINSTALL,
            Change.CHECK_IN,
            Change.RENAME_DEVICE,
            Change.UNARCHIVE,
            Change.RENAME_PERSON,
            Change.MARK_REMOVED,
            Change.ENROL);
    /** What an ordinary minute may bring: mostly apps; as many devices come as go. */
    private static final List<Change> ORDINARY = List.of(
            Change.INSTALL,
            Change.INSTALL,
            Change.INSTALL,
            Change.UPDATE,
            Change.UPDATE,
            Change.UPDATE,
            Change.UNINSTALL,
            Change.UNINSTALL,
            Change.SECOND_COPY,
            Change.INSTALL_HELPER,
            Change.INSTALL_UPDATER,
            Change.CHECK_IN,
            Change.CHECK_IN,
            Change.ENROL,
            Change.REMOVE,
            Change.REENROL,
            Change.ASSIGN,
            Change.ASSIGN,
            Change.REASSIGN,
            Change.UNASSIGN,
            Change.ARCHIVE,
            Change.UNARCHIVE,
            Change.RENAME_DEVICE,
            Change.RENAME_EMAIL,
            Change.RENAME_PERSON);

    private final Iterator<Change> changes;
    private final DevicePlays devices;
    private final PeoplePlays people;
    private final AppPlays apps;
    private final Runnable meanwhile;

    private Script(Cast cast, Iterator<Change> changes, Runnable meanwhile) {
        this.changes = changes;
        this.devices = new DevicePlays(cast);
        this.people = new PeoplePlays(cast);
        this.apps = new AppPlays(cast);
        this.meanwhile = meanwhile;
    }

    /**
     * A day on which everything happens once.
     *
     * @param meanwhile runs before each step; moves the fleet's clock on
     */
    public static Script day(Fleet fleet, long seed, Runnable meanwhile) {
        return new Script(new Cast(fleet, new Random(seed)), DAY.iterator(), meanwhile);
    }

    /** Ordinary changes without end. */
    public static Script endless(Fleet fleet, long seed, Runnable meanwhile) {
        var random = new Random(seed);
        Supplier<Change> next = () -> ORDINARY.get(random.nextInt(ORDINARY.size()));
        return new Script(new Cast(fleet, random), Stream.generate(next).iterator(), meanwhile);
    }

    /** Plays the next step that the fleet allows; empty when the script is over, or the fleet is too empty for any. */
    public Optional<Played> next() {
        for (int tries = 0; changes.hasNext() && tries < 10 * ORDINARY.size(); tries++) {
            Optional<Played> played = play(changes.next());
            if (played.isPresent()) {
                return played;
            }
        }
        return Optional.empty();
    }

    /** Plays a bounded script to its end. */
    public List<Played> rest() {
        var all = new ArrayList<Played>();
        for (Optional<Played> played = next(); played.isPresent(); played = next()) {
            all.add(played.get());
        }
        return all;
    }

    /** Plays a change out of turn; empty where the fleet has nothing it could happen to. */
    public Optional<Played> play(Change change) {
        meanwhile.run();
        return switch (change) {
            case ENROL -> devices.enrol();
            case ASSIGN -> devices.assign();
            case REASSIGN -> devices.reassign();
            case UNASSIGN -> devices.unassign();
            case REMOVE -> devices.remove();
            case MARK_REMOVED -> devices.markRemoved();
            case REENROL -> devices.reenrol();
            case RENAME_DEVICE -> devices.rename();
            case CHECK_IN -> devices.checkIn();
            case ARCHIVE -> people.archive();
            case UNARCHIVE -> people.unarchive();
            case RENAME_EMAIL -> people.renameEmail();
            case RENAME_PERSON -> people.rename();
            case INSTALL -> apps.install();
            case UPDATE -> apps.update();
            case UNINSTALL -> apps.uninstall();
            case SECOND_COPY -> apps.secondCopy();
            case INSTALL_HELPER -> apps.installHelper();
            case INSTALL_UPDATER -> apps.installUpdater();
        };
    }
}
