package dev.kandjistream.enricher.store;

import dev.kandjistream.enricher.domain.Attribution;
import dev.kandjistream.enricher.domain.Device;
import dev.kandjistream.enricher.domain.DeviceState;
import dev.kandjistream.enricher.domain.ReadingOrder;
import dev.kandjistream.enricher.domain.Sighting;
import dev.kandjistream.enricher.domain.Tenure;

/**
 * {@link DeviceState} as bytes. The first byte is the form. Form 1 lacks the re-enrolled and the baseline flag; forms 1 and 2
 * lack the time of the apps' reading, and where halves ended.
 */
final class DeviceCodec {
    private static final int FORM = 3;
    private final BytesWriter out = new BytesWriter();

    byte[] write(DeviceState state) {
        out.octet(FORM).number(state.rulesVersion()).flag(state.known());
        out.flag(state.sighting() != null);
        if (state.sighting() != null) {
            write(state.sighting());
        }
        out.flag(state.tenure() != null);
        if (state.tenure() != null) {
            Tenure tenure = state.tenure();
            out.flag(tenure.original()).time(tenure.assignedAt());
            out.time(tenure.userSince()).time(tenure.emailSince());
        }
        out.text(state.licenseType());
        out.flag(state.apps() != null);
        if (state.apps() != null) {
            out.text(state.apps().sweepId()).time(state.apps().collectedAt());
            out.time(state.apps().observedAt());
        }
        write(state.ends().device());
        write(state.ends().apps());
        return out.take();
    }

    DeviceState read(byte[] bytes) {
        var in = BytesReader.of(bytes, 1, FORM);
        int rulesVersion = in.count();
        boolean known = in.flag();
        Sighting sighting = in.flag() ? readSighting(in) : null;
        Tenure tenure = in.flag() ? new Tenure(in.flag(), in.time(), in.time(), in.time()) : null;
        String licenseType = in.text();
        DeviceState.Apps apps = in.flag() ? readApps(in) : null;
        var ends = in.form() > 2 ? new DeviceState.Ends(readEnd(in), readEnd(in)) : DeviceState.Ends.NONE;
        return new DeviceState(rulesVersion, known, sighting, tenure, licenseType, apps, ends);
    }

    private static DeviceState.Apps readApps(BytesReader in) {
        String sweepId = in.text();
        var collectedAt = in.time();
        return new DeviceState.Apps(sweepId, in.form() > 2 ? in.time() : null, collectedAt);
    }

    private void write(ReadingOrder end) {
        out.flag(end != null);
        if (end != null) {
            out.text(end.sweepId()).time(end.observedAt());
        }
    }

    private static ReadingOrder readEnd(BytesReader in) {
        return in.flag() ? new ReadingOrder(in.text(), in.time()) : null;
    }

    private void write(Sighting sighting) {
        out.text(sighting.sweepId()).time(sighting.observedAt()).flag(sighting.removed());
        out.time(sighting.publishedAt()).flag(sighting.reEnrolled()).flag(sighting.fromBaseline());
        Device device = sighting.device();
        out.text(device.serialNumber()).text(device.deviceName()).text(device.platform());
        out.text(device.model()).text(device.osVersion());
        out.flagOrNull(device.mdmEnabled()).flagOrNull(device.agentInstalled());
        out.text(device.agentVersion()).flagOrNull(device.isMissing()).text(device.lostModeStatus());
        out.text(device.blueprintId()).text(device.blueprintName()).text(device.assetTag());
        out.texts(device.tags());
        Attribution user = device.user();
        out.text(user.userId()).text(user.email()).text(user.name()).flagOrNull(user.archived());
        out.time(device.lastCheckIn()).time(device.firstEnrolledAt()).time(device.lastEnrolledAt());
    }

    private static Sighting readSighting(BytesReader in) {
        String sweepId = in.text();
        var observedAt = in.time();
        boolean removed = in.flag();
        var publishedAt = in.time();
        boolean reEnrolled = in.form() > 1 && in.flag();
        boolean fromBaseline = in.form() > 1 && in.flag();
        return new Sighting(sweepId, observedAt, removed, readDevice(in), publishedAt, reEnrolled, fromBaseline);
    }

    private static Device readDevice(BytesReader in) {
        // Arguments are evaluated from left to right, which is the order they were written in.
        return new Device(
                in.text(),
                in.text(),
                in.text(),
                in.text(),
                in.text(),
                in.flagOrNull(),
                in.flagOrNull(),
                in.text(),
                in.flagOrNull(),
                in.text(),
                in.text(),
                in.text(),
                in.text(),
                in.texts(),
                new Attribution(in.text(), in.text(), in.text(), in.flagOrNull()),
                in.time(),
                in.time(),
                in.time());
    }
}
