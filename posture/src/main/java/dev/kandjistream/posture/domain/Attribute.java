package dev.kandjistream.posture.domain;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a policy can ask of a device. The words are published: policies, answers and events use them. */
public enum Attribute {
    CONNECTION(Kind.TEXT, "available, stale or unavailable", words(Connection.State.values())),
    CONNECTION_REASON(Kind.TEXT, "why the connection is not available; empty text where it is", reasons()),
    MDM_ENABLED(Kind.TRUTH, "whether MDM is enabled"),
    AGENT_INSTALLED(Kind.TRUTH, "whether the Kandji agent is installed"),
    PLATFORM(
            Kind.TEXT,
            "Mac, iPhone, iPad, AppleTV, Android, Windows, Vision, AppleVision or visionOS; missing in any other word",
            Platform.WORDS),
    OS_VERSION(Kind.VERSION, "version of the system, compared as a version; missing if it contains other text"),
    OS_VERSION_EXTRA(Kind.TEXT, "suffix of the version from Kandji's separate field, such as (a)"),
    OS_BUILD(Kind.TEXT, "supplemental build version of the system"),
    MODEL(Kind.TEXT, "marketing name of the model"),
    IS_MISSING(Kind.TRUTH, "whether Kandji calls the device missing; flips with time alone"),
    LOST_MODE(Kind.TEXT, "status of lost mode, in Kandji's words; missing where Kandji says nothing"),
    CHECKED_IN_AGO(Kind.SPAN, "time since the last check-in"),
    ATTRIBUTED(Kind.TRUTH, "whether the device is assigned to a user"),
    USER_EMAIL(Kind.TEXT, "email of the assigned user, lower case"),
    USER_ARCHIVED(Kind.TRUTH, "whether the assigned user is archived"),
    USER_MATCHES(
            Kind.TRUTH, "whether the email asked about is the assigned user's; missing where none was asked about"),
    SERIAL_AMBIGUOUS(Kind.TRUTH, "whether several devices live under the serial number"),
    BLUEPRINT(Kind.TEXT, "name of the blueprint"),
    TAGS(Kind.TEXTS, "tags, in Kandji's order"),
    ACCOUNT(Kind.TEXT, "id of the account, as configured"),
    ENROLLED_AGO(Kind.SPAN, "time since the latest enrolment"),
    DATA_AGE(
            Kind.SPAN,
            "time since the start of the account's latest fully read sweep of devices, or since the request for the live answer");

    /** What values look like. */
    public enum Kind {
        /** A {@link String}. */
        TEXT,
        /** A {@link Boolean}. */
        TRUTH,
        /** A {@link java.time.Duration}, at least zero. */
        SPAN,
        /** An {@link OsVersion}. */
        VERSION,
        /** A {@link List} of {@link String}. */
        TEXTS
    }

    private static final Map<String, Attribute> BY_WORD =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Attribute::word, Function.identity()));

    private final Kind kind;
    private final String meaning;
    private final List<String> vocabulary;

    Attribute(Kind kind, String meaning) {
        this(kind, meaning, List.of());
    }

    Attribute(Kind kind, String meaning, List<String> vocabulary) {
        this.kind = kind;
        this.meaning = meaning;
        this.vocabulary = vocabulary;
    }

    private static List<String> words(Connection.State[] states) {
        return Arrays.stream(states).map(Connection.State::word).toList();
    }

    private static List<String> reasons() {
        return Arrays.stream(Connection.values()).map(Connection::reason).toList();
    }

    /** As policies, answers and events call it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Attribute> of(String word) {
        return Optional.ofNullable(BY_WORD.get(word));
    }

    public Kind kind() {
        return kind;
    }

    /** In words, for documentation. */
    public String meaning() {
        return meaning;
    }

    /** All values there can be; empty where they are not known beforehand. */
    public List<String> vocabulary() {
        return vocabulary;
    }

    /** Its bit in a set of attributes held as a number. */
    public long bit() {
        return 1L << ordinal();
    }
}
