package dev.kandjistream.posture.kafka;

import static dev.kandjistream.posture.domain.Enrolment.NO_TIME;

import dev.kandjistream.posture.domain.Doubt;
import dev.kandjistream.posture.domain.Email;
import dev.kandjistream.posture.domain.Enrolment;
import dev.kandjistream.posture.domain.RowFields;
import dev.kandjistream.raw.RawDevice;
import java.time.Instant;
import java.util.List;

/** A raw device as the domain sees it, sparing with memory: texts that many devices have are one object. For one thread. */
final class EnrolmentReader {
    private final Shared<String> words = new Shared<>(1 << 13);
    private final Shared<String> people = new Shared<>(1 << 16);
    private final Shared<List<String>> tags = new Shared<>(1 << 12);
    private final Shared<Doubt> doubts = new Shared<>(1 << 8);

    /** @param key whose texts the enrolment takes, so that they are held once */
    Enrolment read(RawDevice raw, DeviceKey key) {
        boolean removed = Boolean.TRUE.equals(raw.getIsRemoved());
        boolean attributed = !removed && !(isBlank(raw.getUserId()) && isBlank(raw.getUserEmail()));
        return new Enrolment(
                words.of(key.accountId()),
                key.deviceId(),
                words.of(raw.getPlatform()),
                words.of(raw.getModel()),
                words.of(raw.getOsVersion()),
                words.of(raw.getSupplementalOsVersionExtra()),
                words.of(raw.getSupplementalBuildVersion()),
                raw.getMdmEnabled(),
                raw.getAgentInstalled(),
                raw.getIsMissing(),
                removed,
                words.of(raw.getLostModeStatus()),
                millis(raw.getLastCheckIn()),
                attributed,
                // A device that is nobody's has no assigned user, whoever had it before it was removed.
                attributed ? email(raw.getUserEmail()) : null,
                attributed ? raw.getUserArchived() : null,
                words.of(raw.getBlueprintName()),
                tags(raw.getTags()),
                millis(raw.getLastEnrollment() == null ? raw.getFirstEnrollment() : raw.getLastEnrollment()),
                doubts.of(doubt(raw)));
    }

    /** Fields without a usable value in the row: kept from an earlier row, unread, or cut. */
    private static Doubt doubt(RawDevice raw) {
        return RowFields.doubt(raw.getKeptFields())
                .and(RowFields.doubt(raw.getUnreadFields()))
                .and(RowFields.doubt(raw.getCutFields()))
                .and(RowFields.doubt(raw.getIsRemoved() == null ? List.of(RowFields.IS_REMOVED) : List.of()));
    }

    private String email(String raw) {
        return isBlank(raw) ? null : people.of(Email.small(raw));
    }

    private List<String> tags(List<String> raw) {
        return raw.isEmpty() ? List.of() : tags.of(raw.stream().map(words::of).toList());
    }

    private static long millis(Instant instant) {
        return instant == null ? NO_TIME : instant.toEpochMilli();
    }

    private static boolean isBlank(String text) {
        return text == null || text.isBlank();
    }
}
