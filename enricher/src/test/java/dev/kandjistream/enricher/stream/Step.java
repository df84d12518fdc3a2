package dev.kandjistream.enricher.stream;

import dev.kandjistream.enricher.domain.Rules;
import dev.kandjistream.enricher.stream.Raw.AppsRecord;
import dev.kandjistream.enricher.stream.Raw.DeviceRecord;
import java.time.Instant;

/** One thing that reaches the enricher. */
sealed interface Step {
    record OfDevice(DeviceRecord device) implements Step {}

    record OfApps(AppsRecord apps) implements Step {}

    /**
     * @param cause as in the tombstone's header
     * @param sweep as in the tombstone's header; null if it has none
     * @param at when the tombstone was published
     */
    record DeviceGone(String id, String cause, String sweep, Instant at) implements Step {}

    /**
     * @param cause as in the tombstone's header
     * @param sweep as in the tombstone's header; null if it has none
     * @param at when the tombstone was published
     */
    record AppsGone(String id, String cause, String sweep, Instant at) implements Step {}

    /** A restart with other rules, which then reach every device. */
    record OtherRules(Rules rules) implements Step {}
}
