package dev.kandjistream.enricher.domain;

/**
 * What a user's devices hold together: the user itself, or the use of one app. Nearly always one device or a few, which
 * {@link FewDevices} keeps side by side in one value; a kiosk user has thousands, which {@link ManyDevices} keeps in an
 * ordered index, so that a change costs the same whatever the user already holds.
 */
public sealed interface Holding<F> permits FewDevices, ManyDevices {
    /** How many device ids and versions are shown. */
    int SHOWN = 20;

    /** What they say together now. */
    Summary<F> summary();

    /**
     * Adds or replaces what a device says.
     *
     * @param index where to spread out once there are many devices
     * @return what holds from now on: this or another
     */
    Holding<F> put(Contribution<F> contribution, HoldingIndex<F> index);

    /** Takes a device away; nothing happens where it added nothing. */
    Holding<F> remove(String deviceId);
}
