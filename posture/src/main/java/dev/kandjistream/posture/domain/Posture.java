package dev.kandjistream.posture.domain;

import static dev.kandjistream.posture.domain.Enrolment.NO_TIME;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A device's attributes at one moment, for one question. An attribute that nobody can tell is missing: it has no value, and
 * there is no default for it.
 */
public final class Posture {
    private static final Attribute[] ALL = Attribute.values();

    private final Object[] values = new Object[ALL.length];
    private final Source[] sources = new Source[ALL.length];
    private final Source source;
    private final Duration age;
    private long present;
    /** The known values of these are not confirmed, and the asker's value does not replace them. */
    private long doubtful;

    private Posture(Source source, Duration age) {
        this.source = source;
        this.age = age;
    }

    /** @param now milliseconds since 1970 */
    public static Posture of(Question question, Sighting sighting, long now) {
        var posture = new Posture(sighting.source(), age(sighting, now));
        posture.takeConnection(Connection.of(sighting, now));
        sighting.device().ifPresent(chosen -> posture.takeDevice(chosen, now));
        posture.takeQuestion(question, sighting.device().map(Enrolments.Chosen::enrolment));
        return posture;
    }

    /** Just these, as if the view had told them: for tests of policies. */
    public static Posture of(Map<Attribute, Object> given) {
        var posture = new Posture(Source.VIEW, (Duration) given.get(Attribute.DATA_AGE));
        given.forEach((attribute, value) -> posture.put(attribute, value, Source.VIEW));
        return posture;
    }

    private static Duration age(Sighting sighting, long now) {
        if (sighting.source() == Source.LIVE) {
            return Duration.ofMillis(Math.max(0, now - sighting.seenAt()));
        }
        return sighting.account()
                .filter(account -> account.everSwept() && !account.isAhead(now))
                .map(account -> account.age(now))
                .orElse(null);
    }

    private void takeConnection(Connection connection) {
        put(Attribute.CONNECTION, connection.state().word(), source);
        put(Attribute.CONNECTION_REASON, connection.reason(), source);
    }

    private void takeDevice(Enrolments.Chosen chosen, long now) {
        Enrolment device = chosen.enrolment();
        // Any of several devices may be the one: known is only what is true of all.
        doubtful = device.doubt().missing() | (chosen.isUnordered(now) ? chosen.differing() : 0);
        put(Attribute.SERIAL_AMBIGUOUS, chosen.ambiguous(), source);
        put(Attribute.ACCOUNT, device.accountId(), source);
        put(Attribute.MDM_ENABLED, device.mdmEnabled(), source);
        put(Attribute.AGENT_INSTALLED, device.agentInstalled(), source);
        put(Attribute.PLATFORM, device.platform(), source);
        put(
                Attribute.OS_VERSION,
                OsVersion.ofDevice(device.osVersion(), device.osVersionExtra()).orElse(null),
                source);
        put(Attribute.OS_VERSION_EXTRA, device.osVersionExtra(), source);
        put(Attribute.OS_BUILD, device.osBuild(), source);
        put(Attribute.MODEL, device.model(), source);
        put(Attribute.IS_MISSING, device.isMissing(), source);
        put(Attribute.LOST_MODE, device.lostMode(), source);
        put(Attribute.CHECKED_IN_AGO, since(device.lastCheckIn(), now), source);
        put(Attribute.ATTRIBUTED, device.attributed(), source);
        put(Attribute.USER_EMAIL, device.userEmail(), source);
        put(Attribute.USER_ARCHIVED, device.userArchived(), source);
        put(Attribute.BLUEPRINT, device.blueprint(), source);
        put(Attribute.TAGS, device.tags(), source);
        put(Attribute.ENROLLED_AGO, since(device.enrolledAt(), now), source);
        put(Attribute.DATA_AGE, age, source);
    }

    private void takeQuestion(Question question, Optional<Enrolment> device) {
        if (value(Attribute.PLATFORM) == null) {
            put(
                    Attribute.PLATFORM,
                    question.platform().filter(Platform::isKnown).orElse(null),
                    Source.REQUEST);
        }
        if (device.isPresent() && question.userEmail().isPresent()) {
            String assigned = device.get().userEmail();
            // A device that is known to be nobody's is not the asker's; one whose user has no email may be.
            if (assigned != null || !device.get().attributed()) {
                put(Attribute.USER_MATCHES, question.userEmail().get().equals(assigned), Source.REQUEST);
            }
        }
    }

    /** What lies in the future by more than clocks may differ is no time since. */
    private static Duration since(long then, long now) {
        return then == NO_TIME || then > now + AccountState.CLOCKS_APART.toMillis()
                ? null
                : Duration.ofMillis(Math.max(0, now - then));
    }

    private void put(Attribute attribute, Object value, Source from) {
        if (value != null && (doubtful & attribute.bit()) == 0) {
            values[attribute.ordinal()] = value;
            sources[attribute.ordinal()] = from;
            present |= attribute.bit();
        }
    }

    /** @return of the attribute's {@link Attribute.Kind}; null where it is missing */
    public Object value(Attribute attribute) {
        return values[attribute.ordinal()];
    }

    public boolean has(Attribute attribute) {
        return (present & attribute.bit()) != 0;
    }

    /** Those of a set of attributes that are missing, as bits. */
    public long missing(long wanted) {
        return wanted & ~present;
    }

    /** Where the attribute's value is from; null where it is missing. */
    public Source source(Attribute attribute) {
        return sources[attribute.ordinal()];
    }

    /** How old the attribute's value is; null where that is not known, or the attribute is missing. */
    public Duration age(Attribute attribute) {
        Source from = sources[attribute.ordinal()];
        return from == Source.REQUEST ? Duration.ZERO : from == null ? null : age;
    }

    /** Where the device's state is from: the view or a live answer. */
    public Source source() {
        return source;
    }

    /** How old the device's state is; null where that is not known. */
    public Duration age() {
        return age;
    }
}
