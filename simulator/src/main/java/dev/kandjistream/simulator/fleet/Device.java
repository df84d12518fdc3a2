package dev.kandjistream.simulator.fleet;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** One enrolled device. Live: read it inside {@link Fleet#reading}; only the {@link Fleet} changes it. Times are {@link Micros}. */
public final class Device {
    final String id;
    final Hardware hardware;
    final long firstEnrolledAt;
    final List<AppRow> rows = new ArrayList<>();
    long lastEnrolledAt;
    String name;
    Person person;
    String osVersion;
    Blueprint blueprint;
    String assetTag = "";
    List<String> tags = List.of();
    String agentVersion = "";
    boolean mdmEnabled = true;
    boolean missing;
    boolean removed;
    boolean listed = true;
    long lastCheckIn;
    long lastCollectedAt;
    long revision;

    Device(String id, Hardware hardware, String name, long enrolledAt) {
        this.id = id;
        this.hardware = hardware;
        this.name = name;
        this.firstEnrolledAt = enrolledAt;
        this.lastEnrolledAt = enrolledAt;
        this.lastCheckIn = enrolledAt;
        this.lastCollectedAt = enrolledAt;
    }

    public String id() {
        return id;
    }

    public Hardware hardware() {
        return hardware;
    }

    public Platform platform() {
        return hardware.platform();
    }

    public String name() {
        return name;
    }

    /** Null where nobody is assigned. */
    public Person person() {
        return person;
    }

    public String osVersion() {
        return osVersion;
    }

    public Blueprint blueprint() {
        return blueprint;
    }

    public String assetTag() {
        return assetTag;
    }

    public List<String> tags() {
        return tags;
    }

    /** Empty where no agent is installed. */
    public String agentVersion() {
        return agentVersion;
    }

    public boolean mdmEnabled() {
        return mdmEnabled;
    }

    public boolean missing() {
        return missing;
    }

    /** Still listed, but marked as removed. */
    public boolean removed() {
        return removed;
    }

    /** False for a device that is gone while Prism still shows its app rows. */
    public boolean listed() {
        return listed;
    }

    public long firstEnrolledAt() {
        return firstEnrolledAt;
    }

    public long lastEnrolledAt() {
        return lastEnrolledAt;
    }

    /** {@link Micros#NEVER} where it has not checked in yet. */
    public long lastCheckIn() {
        return lastCheckIn;
    }

    /** When the device last reported its apps. */
    public long lastCollectedAt() {
        return lastCollectedAt;
    }

    /** Its app rows in the order they were stored. */
    public List<AppRow> rows() {
        return Collections.unmodifiableList(rows);
    }

    /** Grows with every change of the device itself; a rendering of it may be kept as long as this stands. */
    public long revision() {
        return revision;
    }
}
