package dev.kandjistream.enricher.domain;

/** What made a device change: the causes that follow from it. */
sealed interface Trigger {
    /** Of what concerns the device, its seat and its user. */
    Cause cause();

    /** Whether what it makes appear was there before anybody looked: the device, its seat, its user. */
    boolean baseline();

    /** Of what ends for the user the device leaves. */
    default Cause leavingCause() {
        // The device went from hand to hand. For the one who had it, it was taken away.
        return cause() == Cause.USER_ASSIGNED ? Cause.USER_UNASSIGNED : cause();
    }

    /** Of a usage that the device adds. */
    Cause addedApp();

    /** Of a usage about which the device says something else. */
    Cause changedApp();

    /** Of a usage that the device takes away. */
    Cause removedApp();

    /** Whether an app that the device adds was there before anybody looked. */
    boolean isBaseline(InstalledApp app, Tenure tenure);

    /**
     * A device record or its end.
     *
     * @param first whether it is the first record of this device ever, or completes what the baseline could not show of it
     */
    record OfDevice(Cause cause, boolean first, boolean baseline) implements Trigger {
        @Override
        public Cause addedApp() {
            return cause;
        }

        @Override
        public Cause changedApp() {
            return cause;
        }

        @Override
        public Cause removedApp() {
            return leavingCause();
        }

        @Override
        public boolean isBaseline(InstalledApp app, Tenure tenure) {
            return first && app.baseline();
        }
    }

    /**
     * A record of apps or its end.
     *
     * @param enrolment cause of the device's beginning if it had no apps, because its first apps are part of its enrolment; else null
     * @param gone why the device is gone; null where it is not
     * @param fromBaseline whether it belongs to the account's first complete sweep
     */
    record OfApps(Cause enrolment, Cause gone, boolean fromBaseline) implements Trigger {
        @Override
        public Cause cause() {
            return enrolment == null ? Cause.DEVICE_CHANGED : enrolment;
        }

        @Override
        public boolean baseline() {
            return false;
        }

        @Override
        public Cause addedApp() {
            return enrolment == null ? Cause.APP_INSTALLED : enrolment;
        }

        @Override
        public Cause changedApp() {
            return Cause.APP_UPDATED;
        }

        @Override
        public Cause removedApp() {
            return gone == null ? Cause.APP_REMOVED : gone;
        }

        @Override
        public boolean isBaseline(InstalledApp app, Tenure tenure) {
            // A device that changed hands since was news for its new user; so is what comes with it.
            return fromBaseline && tenure.original();
        }
    }

    /** Other rules over the same facts. Never baseline. */
    record OfRules() implements Trigger {
        @Override
        public Cause cause() {
            return Cause.RULES_CHANGED;
        }

        @Override
        public boolean baseline() {
            return false;
        }

        @Override
        public Cause addedApp() {
            return cause();
        }

        @Override
        public Cause changedApp() {
            return cause();
        }

        @Override
        public Cause removedApp() {
            return cause();
        }

        @Override
        public boolean isBaseline(InstalledApp app, Tenure tenure) {
            return false;
        }
    }
}
