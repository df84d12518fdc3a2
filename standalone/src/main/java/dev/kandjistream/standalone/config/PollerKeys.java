package dev.kandjistream.standalone.config;

import dev.kandjistream.config.Section;
import dev.kandjistream.config.Type;
import dev.kandjistream.poller.AppsBy;
import dev.kandjistream.poller.GroupSettings;
import dev.kandjistream.poller.PollSettings;
import dev.kandjistream.poller.PollSettings.Budget;
import dev.kandjistream.poller.PollSettings.Intervals;
import dev.kandjistream.poller.PollSettings.Patience;
import dev.kandjistream.poller.domain.EvidenceRules;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** The poller's settings: under {@code poller} for all accounts, and under the same names in an account for it alone. */
final class PollerKeys {
    private static final Type<Duration> INTERVAL = Type.duration(Duration.ofSeconds(1));
    private static final Type<Optional<Duration>> INTERVAL_OR_OFF = Type.orOff(INTERVAL);
    private static final Type<Duration> ANY_TIME = Type.duration(Duration.ZERO);
    private static final Type<String> APPS_BY = Type.oneOf(AppsBy.AUTO.word(), AppsBy.CURSOR.word());
    private static final int MOST_PER_SECOND = 50;

    private PollerKeys() {}

    /** @param otherwise what holds for keys that are absent here */
    static PollSettings read(Section section, PollSettings otherwise) {
        return new PollSettings(
                new Intervals(
                        section.read(
                                "devices_interval",
                                INTERVAL,
                                otherwise.intervals().devices()),
                        section.read(
                                "apps_interval", INTERVAL, otherwise.intervals().apps()),
                        section.read(
                                "delta_interval",
                                INTERVAL_OR_OFF,
                                otherwise.intervals().delta()),
                        section.read(
                                "audit_interval",
                                INTERVAL_OR_OFF,
                                otherwise.intervals().audit())),
                budget(section, otherwise.budget()),
                new Patience(
                        section.read(
                                "request_timeout",
                                INTERVAL,
                                otherwise.patience().timeout()),
                        section.read(
                                "attempts",
                                Type.number(1, 100),
                                otherwise.patience().attempts())),
                AppsBy.valueOf(
                        section.read("apps_by", APPS_BY, otherwise.appsBy().word())
                                .toUpperCase(Locale.ROOT)),
                evidence(section, otherwise.evidence()));
    }

    private static Budget budget(Section section, Budget otherwise) {
        return new Budget(
                section.read("quota_share", Type.share(), otherwise.share()),
                section.read("requests_per_second", Type.number(1, MOST_PER_SECOND), otherwise.perSecond()),
                section.read("hourly_budget", Type.number(1, Integer.MAX_VALUE), (int) otherwise.hourly()));
    }

    /** How the poller shares the accounts with others. */
    static GroupSettings group(Section section) {
        return new GroupSettings(
                section.read(
                        "instance_id",
                        Type.matching("[A-Za-z0-9._-]{1,200}", "letters, digits, dots, dashes, underscores")),
                section.read("session_timeout", INTERVAL, GroupSettings.DEFAULT.sessionTimeout()));
    }

    private static EvidenceRules evidence(Section section, EvidenceRules otherwise) {
        return new EvidenceRules(
                        section.read("misses", Type.number(1, 1000), otherwise.misses()),
                        section.read("withheld_share", Type.shareOrNone(), otherwise.share()),
                        section.read("withheld_minimum", Type.number(0, Integer.MAX_VALUE), otherwise.minimum()),
                        section.read("withheld_standing", ANY_TIME, otherwise.standing()),
                        section.read("apps_standing", ANY_TIME, otherwise.appsStanding()),
                        section.read("rereads", Type.number(0, Integer.MAX_VALUE), otherwise.rereads()),
                        section.read("confirmations", Type.number(0, Integer.MAX_VALUE), otherwise.confirmations()))
                .withLosingAll(section.read("standing_releases_all", Type.BOOLEAN, otherwise.losingAll()));
    }
}
