package dev.kandjistream.enricher.stream;

import dev.kandjistream.enricher.domain.Rules;
import dev.kandjistream.enricher.stream.Raw.AppsRecord;
import dev.kandjistream.enricher.stream.Raw.DeviceRecord;

/** One thing that reaches the enricher. */
sealed interface Step {
    record OfDevice(DeviceRecord device) implements Step {}

    record OfApps(AppsRecord apps) implements Step {}

    /** @param cause as in the tombstone's header */
    record DeviceGone(String id, String cause) implements Step {}

    /** @param cause as in the tombstone's header */
    record AppsGone(String id, String cause) implements Step {}

    /** A restart with other rules, which then reach every device. */
    record OtherRules(Rules rules) implements Step {}
}
