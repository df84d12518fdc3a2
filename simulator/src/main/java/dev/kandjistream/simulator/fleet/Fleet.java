package dev.kandjistream.simulator.fleet;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The devices, people and app rows of one tenant. Every change is whole or not at all to those who read inside
 * {@link #reading}, is stamped with the clock's time, and moves the API's time columns as the API would:
 * what a device reports about its apps comes with an inventory, which moves {@code last_collected_at} of all its rows.
 */
public final class Fleet {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final Map<String, Device> devices = new LinkedHashMap<>();
    private final Map<String, Person> people = new LinkedHashMap<>();
    private final Map<App, App> shared = new HashMap<>();
    private final AppRows rows = new AppRows();
    final AuditTrail audit;
    private final InstantSource clock;
    private final Random ids;
    private final boolean numericUserIds;
    private int lastUserNumber = 40_100;
    private long version;

    /**
     * An empty fleet.
     *
     * @param seed of the ids it hands out
     * @param clock tells when changes happen
     * @param numericUserIds whether user ids are numbers, as on older tenants, or UUIDs
     */
    public Fleet(long seed, InstantSource clock, boolean numericUserIds) {
        this.clock = clock;
        this.ids = new Random(seed ^ 0x5DEECE66DL);
        this.numericUserIds = numericUserIds;
        this.audit = new AuditTrail(seed);
    }

    // ---- reading

    /** Runs with no change under way; what it reads belongs together. Keep it short: changes wait. */
    public <T> T reading(Supplier<T> read) {
        lock.readLock().lock();
        try {
            return read.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Listed devices in the order of enrolment. */
    public List<Device> devices() {
        return reading(() -> devices.values().stream().filter(Device::listed).toList());
    }

    /** A listed device by id, in any case. */
    public Optional<Device> device(String id) {
        return reading(() ->
                Optional.ofNullable(devices.get(id.toLowerCase(Locale.ROOT))).filter(Device::listed));
    }

    public List<Person> people() {
        return reading(() -> List.copyOf(people.values()));
    }

    /** The person as they are now; records handed out earlier keep what was true then. */
    public Person person(String key) {
        return reading(() -> Optional.ofNullable(people.get(key))
                .orElseThrow(() -> new IllegalArgumentException("No such person in the fleet: key=" + key)));
    }

    public List<Device> devicesOf(Person person) {
        return reading(() -> devices.values().stream()
                .filter(device -> device.listed
                        && device.person != null
                        && device.person.key().equals(person.key()))
                .toList());
    }

    /** All app rows in Prism's order: a live view, to be read inside {@link #reading}. */
    public List<AppRow> rows() {
        return rows.inOrder();
    }

    /** What the API audited, in the order of happening; nothing of how the fleet was seeded. */
    public List<AuditEvent> auditEvents() {
        return reading(audit::events);
    }

    /** Grows with every change. */
    public long version() {
        return reading(() -> version);
    }

    // ---- people

    /** A new person with ids of the tenant's form. */
    public Person hire(String name, String email) {
        return changing(() -> put(person(numericUserIds ? String.valueOf(lastUserNumber + 1) : newId(), name, email)));
    }

    /** A new person the API shows without an id, known by email alone. */
    public Person hireWithoutId(String name, String email) {
        return changing(() -> put(person(null, name, email)));
    }

    private Person person(String id, String name, String email) {
        String number = String.valueOf(++lastUserNumber);
        return new Person("person-" + number, id, number, name, email, false);
    }

    public Person archive(Person person) {
        return changePerson(person, old -> old.archived(true));
    }

    public Person unarchive(Person person) {
        return changePerson(person, old -> old.archived(false));
    }

    public Person renameEmail(Person person, String email) {
        return changePerson(person, old -> old.mailedAt(email));
    }

    public Person rename(Person person, String name) {
        return changePerson(person, old -> old.named(name));
    }

    private Person changePerson(Person person, UnaryOperator<Person> change) {
        return changing(() -> {
            Person changed = put(change.apply(person(person.key())));
            for (Device device : devices.values()) {
                if (device.person != null && device.person.key().equals(changed.key())) {
                    device.person = changed;
                    device.revision++;
                }
            }
            return changed;
        });
    }

    private Person put(Person person) {
        boolean isNew = people.put(person.key(), person) == null;
        audit.person(person, isNew, Micros.of(now()));
        return person;
    }

    // ---- devices

    public Device enrol(Enrolment enrolment) {
        return changing(() -> {
            Device device = enrolAt(enrolment, Micros.of(now()));
            audit.enrolled(device, device.firstEnrolledAt);
            return device;
        });
    }

    Device enrolAt(Enrolment enrolment, long at) {
        var device = new Device(newId(), enrolment.hardware(), enrolment.name(), at);
        Defaults.dress(device);
        device.person =
                enrolment.person() == null ? null : person(enrolment.person().key());
        devices.put(device.id, device);
        enrolment.apps().forEach(app -> rows.add(device, share(app), at));
        version++;
        return device;
    }

    /** The same hardware enrols anew under a new id, with its user and apps; the old device is gone. */
    public Device reenrol(Device device) {
        return changing(() -> {
            var apps = device.rows.stream().map(AppRow::app).toList();
            delete(device);
            return enrol(new Enrolment(device.hardware, device.name, device.person, apps));
        });
    }

    /** Assigns the device to the person, whoever had it before. */
    public void assign(Device device, Person person) {
        hand(device, person);
    }

    public void unassign(Device device) {
        hand(device, null);
    }

    private void hand(Device device, Person to) {
        change(device, () -> {
            device.person = to == null ? null : person(to.key());
            audit.assigned(device, Micros.of(now()));
        });
    }

    public void rename(Device device, String name) {
        change(device, () -> device.name = name);
    }

    /** Moves {@code last_check_in} and says the device is not missing. */
    public void checkIn(Device device) {
        change(device, () -> {
            device.lastCheckIn = Micros.of(now());
            device.missing = false;
        });
    }

    /** {@code is_missing} turns true by time alone: no business change. */
    public void miss(Device device) {
        change(device, () -> device.missing = true);
    }

    /** The device reports its apps, none of which changed. */
    public void collect(Device device) {
        change(device, () -> collected(device));
    }

    /** The device and its app rows are gone. */
    public void remove(Device device) {
        changing(() -> {
            delete(device);
            return null;
        });
    }

    /** The device is still listed, with {@code is_removed} true; its app rows stay. */
    public void markRemoved(Device device) {
        change(device, () -> {
            device.removed = true;
            audit.leftMdm(device, Micros.of(now()));
        });
    }

    /** The device is gone from the list while Prism still shows its app rows, until {@link #remove}. */
    public void removeLeavingApps(Device device) {
        change(device, () -> {
            device.listed = false;
            audit.removed(device, Micros.of(now()));
        });
    }

    private void delete(Device device) {
        if (devices.remove(device.id) == null) {
            throw new IllegalArgumentException("No such device in the fleet: id=" + device.id);
        }
        rows.removeAllOf(device);
        if (device.listed) {
            audit.removed(device, Micros.of(now()));
        }
    }

    // ---- apps

    /** Adds a row per app; a second copy of an app is a row with another path. */
    public void install(Device device, App... apps) {
        change(device, () -> {
            collected(device);
            for (App app : apps) {
                rows.add(device, share(app), device.lastCollectedAt);
            }
        });
    }

    /** Seeding only: a row that was stored at a given time, after those stored before. */
    AppRow installAt(Device device, App app, long at) {
        return rows.add(device, share(app), at);
    }

    /** The app and what lies inside its bundle get a new version. */
    public void update(Device device, App app, String version) {
        change(device, () -> {
            collected(device);
            for (AppRow row : rowsOf(device, app)) {
                row.become(share(row.app.withVersion(version)), device.lastCollectedAt);
            }
        });
    }

    /** The app and what lies inside its bundle are gone; copies at other paths stay. */
    public void uninstall(Device device, App app) {
        change(device, () -> {
            collected(device);
            rowsOf(device, app).forEach(rows::remove);
        });
    }

    private static List<AppRow> rowsOf(Device device, App app) {
        if (device.rows.stream().noneMatch(row -> row.app.equals(app))) {
            throw new IllegalArgumentException(
                    "The device does not have this app: device=" + device.id + " app=" + app);
        }
        var found = new ArrayList<>(device.rows.stream()
                .filter(row -> row.app.equals(app) || row.app.isInside(app))
                .toList());
        Collections.reverse(found); // the last first: removing it moves fewer rows
        return found;
    }

    private void collected(Device device) {
        device.lastCollectedAt = Micros.of(now());
        device.lastCheckIn = device.lastCollectedAt;
    }

    // ---- shared

    /** Several changes that nobody sees in part. */
    public <T> T changing(Supplier<T> change) {
        lock.writeLock().lock();
        try {
            version++;
            return change.get();
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void change(Device device, Runnable change) {
        changing(() -> {
            if (devices.get(device.id) != device) {
                throw new IllegalArgumentException("No such device in the fleet: id=" + device.id);
            }
            change.run();
            device.revision++;
            return null;
        });
    }

    /** The one instance of equal apps, so that a million rows hold a few thousand apps. */
    private App share(App app) {
        App known = shared.putIfAbsent(app, app);
        return known == null ? app : known;
    }

    private String newId() {
        long high = ids.nextLong() & 0xFFFFFFFFFFFF0FFFL | 0x4000L;
        long low = ids.nextLong() & 0x3FFFFFFFFFFFFFFFL | 0x8000000000000000L;
        return new UUID(high, low).toString();
    }

    /** The fleet's present. */
    public Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
