package dev.kandjistream.posture.kafka;

import dev.kandjistream.posture.domain.Doubt;
import dev.kandjistream.posture.domain.Enrolment;
import dev.kandjistream.posture.domain.Published;
import dev.kandjistream.posture.domain.SerialNumber;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/**
 * All devices, by record key and by serial number. One thread writes. Readers never wait, and see of each serial number, and
 * of each device, a state that was.
 *
 * <p>A million devices are held, so objects are counted: nearly every serial number has one enrolment, which stands in the
 * map as it is; only where there are more is there an array. Arrays are never changed, but replaced.
 */
final class Fleet {
    /**
     * @param said from the raw record; null if it has no serial number, because no request can name it
     * @param shown the same with its doubts; the same object if there are none
     */
    private record Held(SerialNumber serialNumber, Enrolment said, Enrolment shown) {}

    private final Map<DeviceKey, Held> byKey = new ConcurrentHashMap<>();
    private final Doubts doubts = new Doubts();
    /** Values are an {@link Enrolment} or an array of two and more. */
    private final Map<SerialNumber, Object> bySerialNumber = new ConcurrentHashMap<>();

    private final AtomicInteger devices = new AtomicInteger();
    private final AtomicInteger withoutSerial = new AtomicInteger();
    private final AtomicInteger sharedSerials = new AtomicInteger();
    private final AtomicInteger unconfirmed = new AtomicInteger();

    /** The enrolment from the device's raw record; null if it is not known, or has no serial number. For the writer only. */
    Enrolment enrolment(DeviceKey key) {
        Held held = byKey.get(key);
        return held == null ? null : held.said;
    }

    /** The device's serial number as held, so that it is held once; null as above. For the writer only. */
    SerialNumber serialNumber(DeviceKey key) {
        Held held = byKey.get(key);
        return held == null ? null : held.serialNumber;
    }

    /**
     * Takes the device's latest raw record.
     *
     * @param serialNumber null where it has none
     */
    void put(DeviceKey key, SerialNumber serialNumber, Enrolment enrolment) {
        doubts.decoded(key);
        hold(key, serialNumber, serialNumber == null ? null : enrolment);
    }

    private void hold(DeviceKey key, SerialNumber serialNumber, Enrolment said) {
        Held now = new Held(serialNumber, said, said == null ? null : said.with(doubts.of(key)));
        Held before = byKey.put(key, now);
        if (serialNumber != null) {
            bySerialNumber.merge(serialNumber, now.shown, this::with);
        }
        // Only after it stands under its new number: a device that changed it is never under none.
        if (before != null && !Objects.equals(before.serialNumber, serialNumber)) {
            leave(before);
        }
        count(before, now);
    }

    /** The device is gone. */
    void remove(DeviceKey key) {
        doubts.decoded(key);
        Held before = byKey.remove(key);
        if (before != null) {
            leave(before);
            count(before, null);
        }
    }

    /** The device's latest raw record cannot be decoded: the known state is in doubt until one can be decoded. */
    void undecodable(DeviceKey key) {
        doubts.undecodable(key);
        showAnew(key);
    }

    /** Takes the device's latest unconfirmed record; see {@link Doubts#say}. */
    void doubt(DeviceKey key, Doubt latest, boolean settled, long readAt) {
        doubts.say(key, latest, settled, readAt);
        showAnew(key);
    }

    /** @param readUntil {@link System#nanoTime}; everything published until then has been read */
    void settle(long readUntil) {
        doubts.settle(readUntil).forEach(this::showAnew);
    }

    private void showAnew(DeviceKey key) {
        Held held = byKey.get(key);
        if (held != null && held.said != null) {
            hold(key, held.serialNumber, held.said);
        }
    }

    /** All under a serial number; empty where it is not known. */
    List<Enrolment> under(SerialNumber serialNumber) {
        return list(bySerialNumber.get(serialNumber));
    }

    /** How the device was published; empty where it is not known. For any thread. */
    Optional<Published> published(String accountId, String deviceId) {
        return Optional.ofNullable(byKey.get(new DeviceKey(accountId, deviceId)))
                .map(held -> new Published(
                        Optional.ofNullable(held.serialNumber), held.said == null ? null : held.said.platform()));
    }

    /** Every serial number that is known, in no order. What changes meanwhile may or may not be seen. */
    void forEach(BiConsumer<SerialNumber, List<Enrolment>> reader) {
        bySerialNumber.forEach((serialNumber, held) -> reader.accept(serialNumber, list(held)));
    }

    int devices() {
        return devices.get();
    }

    int withoutSerial() {
        return withoutSerial.get();
    }

    /** How many serial numbers have several devices. */
    int sharedSerials() {
        return sharedSerials.get();
    }

    /** How many devices with a serial number are not fully confirmed. */
    int unconfirmed() {
        return unconfirmed.get();
    }

    /** See {@link Doubts#undecodableDevices}. */
    int undecodable() {
        return doubts.undecodableDevices();
    }

    private Object with(Object held, Object added) {
        Enrolment enrolment = (Enrolment) added;
        if (held instanceof Enrolment one) {
            if (isSameDevice(one, enrolment)) {
                return enrolment;
            }
            sharedSerials.incrementAndGet();
            return new Enrolment[] {one, enrolment};
        }
        List<Enrolment> others = without(held, enrolment);
        others.add(enrolment);
        return others.toArray(Enrolment[]::new);
    }

    private void leave(Held gone) {
        if (gone.serialNumber == null) {
            return;
        }
        bySerialNumber.computeIfPresent(gone.serialNumber, (serialNumber, held) -> {
            List<Enrolment> others = without(held, gone.shown);
            if (others.size() == 1) {
                sharedSerials.decrementAndGet();
                return others.get(0);
            }
            return others.isEmpty() ? null : others.toArray(Enrolment[]::new);
        });
    }

    private static List<Enrolment> without(Object held, Enrolment gone) {
        List<Enrolment> others = new ArrayList<>(list(held));
        others.removeIf(other -> isSameDevice(other, gone));
        return others;
    }

    private static boolean isSameDevice(Enrolment one, Enrolment other) {
        return one.deviceId().equals(other.deviceId()) && one.accountId().equals(other.accountId());
    }

    private static List<Enrolment> list(Object held) {
        if (held == null) {
            return List.of();
        }
        return held instanceof Enrolment one ? List.of(one) : Arrays.asList((Enrolment[]) held);
    }

    private void count(Held before, Held now) {
        devices.addAndGet((now == null ? 0 : 1) - (before == null ? 0 : 1));
        withoutSerial.addAndGet(nobodyFinds(now) - nobodyFinds(before));
        unconfirmed.addAndGet(inDoubt(now) - inDoubt(before));
    }

    private static int inDoubt(Held held) {
        return held != null && held.shown != null && !held.shown.doubt().isNone() ? 1 : 0;
    }

    private static int nobodyFinds(Held held) {
        return held != null && held.serialNumber == null ? 1 : 0;
    }
}
