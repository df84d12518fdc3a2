package dev.kandjistream.posture.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Devices and accounts for tests, each a little different from an ordinary one. */
final class Devices {
    static final long NOW = Instant.parse("2026-01-05T09:00:00Z").toEpochMilli();
    static final long HOUR = Duration.ofHours(1).toMillis();

    private Devices() {}

    /** A Mac of acme's that checked in an hour ago. */
    static Enrolment mac(String deviceId) {
        return mac("acme", deviceId, NOW - HOUR, NOW - 100 * HOUR, false);
    }

    static Enrolment mac(String account, String deviceId, long lastCheckIn, long enrolledAt, boolean removed) {
        return mac(account, deviceId, lastCheckIn, enrolledAt, removed, true);
    }

    /** A Mac of acme's with or without MDM. */
    static Enrolment mac(String deviceId, long lastCheckIn, long enrolledAt, boolean mdmEnabled) {
        return mac("acme", deviceId, lastCheckIn, enrolledAt, false, mdmEnabled);
    }

    private static Enrolment mac(
            String account, String deviceId, long lastCheckIn, long enrolledAt, boolean removed, boolean mdmEnabled) {
        return new Enrolment(
                account,
                deviceId,
                "Mac",
                "MacBook Air (M1, 2020)",
                "15.6",
                null,
                null,
                mdmEnabled,
                true,
                false,
                removed,
                null,
                lastCheckIn,
                !removed,
                "ada@acme.com",
                false,
                "Standard",
                List.of("exec"),
                enrolledAt,
                Doubt.NONE);
    }

    /** One that Kandji tells nothing of but its ids. */
    static Enrolment blank(String deviceId) {
        return new Enrolment(
                "acme",
                deviceId,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                false,
                null,
                Enrolment.NO_TIME,
                false,
                null,
                null,
                null,
                List.of(),
                Enrolment.NO_TIME,
                Doubt.NONE);
    }

    static Enrolment ofPlatform(String platform) {
        return new Enrolment(
                "acme",
                "d1",
                platform,
                null,
                null,
                null,
                null,
                false,
                null,
                null,
                false,
                null,
                NOW,
                false,
                null,
                null,
                null,
                List.of(),
                NOW,
                Doubt.NONE);
    }

    static Enrolment ofNobody(String deviceId) {
        return of(deviceId, false, null);
    }

    static Enrolment ofSomebodyWithoutEmail(String deviceId) {
        return of(deviceId, true, null);
    }

    static Enrolment ofSomebody(String deviceId, String email) {
        return of(deviceId, true, email);
    }

    private static Enrolment of(String deviceId, boolean attributed, String email) {
        return new Enrolment(
                "acme",
                deviceId,
                "Mac",
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                false,
                null,
                NOW,
                attributed,
                email,
                null,
                null,
                List.of(),
                NOW,
                Doubt.NONE);
    }

    /** Swept half an hour ago, good for an hour. */
    static AccountState account(String connection) {
        return new AccountState("acme", connection, NOW - HOUR / 2, Duration.ofHours(1), false);
    }

    static Sighting seen(Enrolment device, AccountState account) {
        return Sighting.ofView(new Enrolments.Chosen(device, false), Optional.ofNullable(account));
    }

    static Question question() {
        return Question.of(SerialNumber.of("C02XK1").orElseThrow());
    }
}
