package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.DeviceRow;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** What one walk over the device list said, or what some devices said that were read by themselves. */
public final class DevicesSweep {
    /** Of a row without its texts. */
    private static final int WEIGHT = 600;

    private final boolean partial;
    private final Walk walk = new Walk();
    private final Map<String, DeviceRow> rows = new HashMap<>();
    private final Map<String, String> unread = new TreeMap<>();
    private final Set<String> notFound = new TreeSet<>();
    private final Set<String> overtaken = new HashSet<>();
    /** Devices with rows of different values; no row of theirs is believed. */
    private final Set<String> contradicted = new HashSet<>();

    private long repeated;
    private long repeatedOnPage;
    private long overlapping;
    private long weight;
    private OptionalLong licensed = OptionalLong.empty();
    private UnaryOperator<String> realSerial = text -> text.isBlank() ? null : text.strip();

    public DevicesSweep() {
        this(false);
    }

    private DevicesSweep(boolean partial) {
        this.partial = partial;
    }

    /** Of devices read one by one: of all others it says nothing. */
    public static DevicesSweep ofSome() {
        return new DevicesSweep(true);
    }

    /** The API, asked for this very device, said that there is none. */
    public void notFound(String deviceId) {
        notFound.add(deviceId);
    }

    /** Devices that the API does not find; in order. */
    public Set<String> notFound() {
        return Collections.unmodifiableSet(notFound);
    }

    /** Whether it was read as it should be: no page failed, counts agree. */
    public boolean isSound() {
        return doubts().isEmpty();
    }

    boolean isPartial() {
        return partial;
    }

    /** Whether it says anything of the device, its absence included. */
    public boolean tellsOf(String deviceId) {
        return has(deviceId) || notFound.contains(deviceId);
    }

    /**
     * One row. A device with rows of different values is unread, because neither row is more likely than the other.
     *
     * @return whether the device is new to this sweep
     */
    public boolean add(DeviceRow row) {
        weight += WEIGHT + 3L * row.json().length();
        if (contradicted.contains(row.deviceId())) {
            return false;
        }
        DeviceRow other = rows.put(row.deviceId(), row);
        if (other != null && (other.details() != row.details() || other.attribution() != row.attribution())) {
            rows.remove(row.deviceId());
            contradicted.add(row.deviceId());
            return unread(row.deviceId(), "two pages have rows of it with different values");
        }
        return other == null & !unread.containsKey(row.deviceId());
    }

    /** The row of a device that is among those of the {@link PageOverlap}: it was read later, and counts if it is newer. */
    public void addAgain(DeviceRow row) {
        DeviceRow earlier = rows.get(row.deviceId());
        if (earlier != null && row.lastCheckIn() > earlier.lastCheckIn()) {
            rows.remove(row.deviceId());
        }
        add(row);
    }

    /**
     * A device is listed by a row of which only the id can be used. It is neither absent nor changed: what was published
     * stands, and is not confirmed. If another page has a row of it that can be read, that one is published and not confirmed.
     *
     * @param why what is wrong with the row
     * @return whether the device is new to this sweep
     */
    public boolean unread(String deviceId, String why) {
        boolean unseen = unread.putIfAbsent(deviceId, why) == null
                & !rows.containsKey(deviceId)
                & !contradicted.contains(deviceId);
        walk.unread(deviceId, why);
        weight += WEIGHT;
        return unseen;
    }

    /** The device was read by itself later than its row here, which so is no news. It is neither absent nor changed. */
    void overtakenBy(String deviceId, long readAt) {
        DeviceRow row = rows.get(deviceId);
        if (row != null && row.observedAt() < readAt) {
            rows.remove(deviceId);
            overtaken.add(deviceId);
        }
    }

    /** Bytes of heap that this sweep takes, roughly. */
    public long weight() {
        return weight;
    }

    /** A device came twice on one page: no shift, but another may be missing in its place. */
    public void repeatedOnPage() {
        repeatedOnPage++;
    }

    /** A device came twice where the pages do not overlap. */
    public void repeated() {
        repeated++;
    }

    /** Devices came twice where the pages overlap: no shift, but others may be missing in their place. */
    public void overlapped(int devices) {
        overlapping += devices;
    }

    public Walk walk() {
        return walk;
    }

    /** In how many places a device may be missing: those of rows without an id, and of devices that came twice on a page. */
    long mayHide() {
        return walk.mayHide(repeatedOnPage);
    }

    /** Why devices may be there although no row shows them; null if none may. */
    String hiddenInWords() {
        String hidden = walk.hiddenInWords(repeatedOnPage);
        if (overlapping == 0) {
            return hidden;
        }
        return (hidden == null ? "" : hidden + "; ") + overlapping + " rows listed again after a short page";
    }

    Collection<DeviceRow> rows() {
        return rows.values();
    }

    /** Whether a row of the device could be read, even if another one could not. */
    boolean hasRow(String deviceId) {
        return rows.containsKey(deviceId);
    }

    boolean has(String deviceId) {
        return rows.containsKey(deviceId) || unread.containsKey(deviceId) || overtaken.contains(deviceId);
    }

    /** Why nothing but the id of a device's row can be used, by device. */
    Map<String, String> unread() {
        return Collections.unmodifiableMap(unread);
    }

    /** For the receipt: devices with anything that cannot be read, and what that is. */
    Map<String, String> unreadListed() {
        var listed = new TreeMap<>(unread);
        for (DeviceRow row : rows.values()) {
            if (!row.shape().unread().isEmpty()) {
                listed.put(
                        row.deviceId(),
                        "cannot be read: " + String.join(", ", row.shape().unread()));
            }
        }
        while (listed.size() > Findings.LISTED) {
            listed.pollLastEntry();
        }
        return listed;
    }

    /** Why this sweep is no complete one, where so many rows could not be read that it may be about anything. */
    Optional<String> tooManyUnread(EvidenceRules rules) {
        return !partial && rules.beyondBelief(unread.size(), devices(), unread.size())
                ? Optional.of(unread.size() + " of " + devices() + " devices could not be read, the first: device "
                        + unread.entrySet().iterator().next().getKey() + ": "
                        + unread.entrySet().iterator().next().getValue())
                : Optional.empty();
    }

    public int devices() {
        long both = unread.keySet().stream().filter(rows::containsKey).count();
        return rows.size() + unread.size() - (int) both + overtaken.size();
    }

    /** What counts as a serial number. @param normal from a text as received to its normal form; null for none */
    public void serialNumbers(UnaryOperator<String> normal) {
        realSerial = normal;
    }

    UnaryOperator<String> realSerial() {
        return realSerial;
    }

    /** Another endpoint, asked after the walk, counted so many devices. */
    public void licensed(long count) {
        licensed = OptionalLong.of(count);
    }

    /** What another endpoint counted; empty where it was not asked or did not say. */
    OptionalLong licensed() {
        return licensed;
    }

    /**
     * Why absence from this sweep proves nothing; empty for a complete one. Stricter than for apps: the walk takes
     * seconds and is soon repeated, and under offset paging whatever came or went meanwhile shifted other rows.
     */
    List<String> doubts() {
        List<String> doubts = walk.doubts(devices(), repeatedOnPage);
        if (repeated > 0) {
            doubts.add(repeated + " devices listed twice: the list shifted under the walk");
        }
        if (partial && mayHide() > 0) {
            doubts.add(hiddenInWords());
        }
        if (walk.totalMoved()) {
            doubts.add("the claimed total moved during the walk");
        }
        return doubts;
    }
}
