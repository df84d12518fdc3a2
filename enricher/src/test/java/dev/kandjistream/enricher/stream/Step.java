package dev.kandjistream.enricher.stream;

import dev.kandjistream.enricher.domain.Rules;
import dev.kandjistream.enricher.stream.Raw.AppsRecord;
import dev.kandjistream.enricher.stream.Raw.DeviceRecord;

/** One thing that reaches the enricher. */
sealed interface Step {
    record OfDevice(DeviceRecord device) implements Step {}

    record OfApps(AppsRecord apps) implements Step {}

    record DeviceGone(String id) implements Step {}

    record AppsGone(String id) implements Step {}

    /** A restart with other rules, which then reach every device. */
    record OtherRules(Rules rules) implements Step {}
}
