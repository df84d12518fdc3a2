package dev.kandjistream.simulator.fleet;

/**
 * One app at one path on one device, with the times that Prism keeps for it. Live: read it inside {@link Fleet#reading}.
 * Times are {@link Micros}; there may be millions of these.
 */
public final class AppRow {
    final Device device;
    final long sequence;
    final long createdAt;
    App app;
    long updatedAt;
    long changedAt = Micros.NEVER;

    AppRow(Device device, long sequence, App app, long createdAt) {
        this.device = device;
        this.sequence = sequence;
        this.app = app;
        this.createdAt = createdAt;
        this.updatedAt = createdAt;
    }

    public Device device() {
        return device;
    }

    /** Place in Prism's own order: rows stored later come later, whatever their device. Unique. */
    public long sequence() {
        return sequence;
    }

    public App app() {
        return app;
    }

    /** When the row was first stored. */
    public long createdAt() {
        return createdAt;
    }

    /** When the row was last written. */
    public long updatedAt() {
        return updatedAt;
    }

    /** When its content last changed; {@link Micros#NEVER} if not since it was stored. */
    public long changedAt() {
        return changedAt;
    }

    void become(App newer, long now) {
        app = newer;
        updatedAt = now;
        changedAt = now;
    }
}
