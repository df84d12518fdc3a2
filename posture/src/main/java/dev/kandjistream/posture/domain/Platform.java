package dev.kandjistream.posture.domain;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Kinds of systems that a rule may be for. */
public enum Platform {
    MAC_OS("macOS", Set.of("Mac")),
    IOS("iOS", Set.of("iPhone", "iPad"));

    /** Words that Kandji has for platforms. In any other word the platform is not known. */
    public static final List<String> WORDS =
            List.of("Mac", "iPhone", "iPad", "AppleTV", "Android", "Windows", "Vision", "AppleVision", "visionOS");

    private final String word;
    private final Set<String> devices;

    Platform(String word, Set<String> devices) {
        this.word = word;
        this.devices = devices;
    }

    /** As policies say it. */
    public String word() {
        return word;
    }

    /** Whether the text is exactly one of {@link #WORDS}. */
    public static boolean isKnown(String platform) {
        return WORDS.contains(platform);
    }

    /** @param platform one of {@link #WORDS} */
    public boolean covers(String platform) {
        return devices.contains(platform);
    }

    /** @param word of a policy, in any case; {@code iPadOS} is {@code iOS} too */
    public static Optional<Platform> of(String word) {
        String wanted = word.equalsIgnoreCase("iPadOS") ? IOS.word : word;
        return Arrays.stream(values())
                .filter(platform -> platform.word.equalsIgnoreCase(wanted))
                .findFirst();
    }

    /**
     * Kandji's word for what an asker calls a platform: {@code macOS} is {@code Mac}, {@code iOS} is {@code iPhone}, {@code
     * iPadOS} is {@code iPad}; Kandji's own words in any case. Anything else stays as it is.
     */
    public static String asKandjiSays(String asked) {
        String stripped = asked.strip();
        return switch (stripped.toLowerCase(Locale.ROOT)) {
            case "macos" -> "Mac";
            case "ios" -> "iPhone";
            case "ipados" -> "iPad";
            case "tvos" -> "AppleTV";
            default ->
                WORDS.stream()
                        .filter(known -> known.equalsIgnoreCase(stripped))
                        .findFirst()
                        .orElse(stripped);
        };
    }
}
