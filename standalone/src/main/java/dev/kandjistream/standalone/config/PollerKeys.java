package dev.kandjistream.standalone.config;

import dev.kandjistream.poller.PollSettings;
import java.time.Duration;

/** The poller's settings: under {@code poller} for all accounts, and under the same names in an account for it alone. */
final class PollerKeys {
    private PollerKeys() {}

    /** @param otherwise what holds for keys that are absent here */
    static PollSettings read(Section section, PollSettings otherwise) {
        return new PollSettings(
                section.read("devices_interval", Type.duration(Duration.ofSeconds(1)), otherwise.devicesInterval()),
                section.read("apps_interval", Type.duration(Duration.ofSeconds(1)), otherwise.appsInterval()),
                section.read("quota_share", Type.share(), otherwise.quotaShare()));
    }
}
