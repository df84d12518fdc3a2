package dev.kandjistream.enricher.stream;

import dev.kandjistream.enricher.domain.Change;
import dev.kandjistream.enricher.domain.DeviceOutcome.Unattributed;
import dev.kandjistream.enricher.domain.DeviceState;
import dev.kandjistream.enricher.domain.EventType;
import dev.kandjistream.enricher.domain.Evidence;
import dev.kandjistream.enricher.domain.Rules;
import dev.kandjistream.enricher.store.DeviceStore;
import dev.kandjistream.enricher.store.StoredKeys;
import dev.kandjistream.schemas.Keys;
import dev.kandjistream.schemas.Replays;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/** Tells again what stands of a device: as a device, as a seat, among the unattributed. */
final class DeviceReplay implements ReplayPass.Work {
    /** In place of the sweep that brought a change: there was no change. */
    static final String SWEEP = "replay";

    private final DeviceStore store;
    private final DeviceEvents events;
    private final Runnable send;
    private final Supplier<Rules> rules;

    DeviceReplay(DeviceStore store, DeviceEvents events, Supplier<Rules> rules, Runnable send) {
        this.store = store;
        this.events = events;
        this.rules = rules;
        this.send = send;
    }

    @Override
    public StoredKeys keys(String beginning, String after) {
        return store.devices(beginning, after);
    }

    @Override
    public void replay(String key, Replays.Request request, ReplayPass.Counts counts) {
        byte[] id = key.substring(1).getBytes(StandardCharsets.UTF_8);
        DeviceState state = store.device(id, rules.get());
        if (state.sighting() == null) {
            return;
        }
        List<String> names = Keys.split(key.substring(1));
        var evidence = new Evidence(
                names.get(0),
                names.get(1),
                "",
                "",
                state.rulesVersion(),
                SWEEP,
                state.sighting().publishedAt());
        boolean told = !request.dryRun();
        if (request.entities().contains("devices") && state.attributedDevice() != null) {
            counts.add("devices");
            if (told) {
                events.device(id, Change.replay(EventType.DEVICE_UPDATED, state.attributedDevice()), evidence);
            }
        }
        if (request.entities().contains("licenses") && state.license() != null) {
            counts.add("licenses");
            if (told) {
                events.license(id, Change.replay(EventType.LICENSE_UPDATED, state.license()), evidence);
            }
        }
        if (request.entities().contains("unattributed") && state.unattributedDevice() != null) {
            counts.add("unattributed");
            if (told) {
                events.unattributed(id, new Unattributed(state.unattributedDevice()), evidence);
            }
        }
        send.run();
    }
}
