package dev.kandjistream.simulator.fleet;

/** What a device is, in the two spellings of the API. */
public enum Platform {
    MAC("Mac", "Mac"),
    IPHONE("iPhone", "iPhone"),
    IPAD("iPad", "iPad"),
    APPLE_TV("AppleTV", "tvOS"),
    ANDROID("Android", "Android");

    private final String word;
    private final String family;

    Platform(String word, String family) {
        this.word = word;
        this.family = family;
    }

    /** The word of {@code /devices}: {@code AppleTV}. */
    public String word() {
        return word;
    }

    /** The word of Prism's {@code device__family}: {@code tvOS}. */
    public String family() {
        return family;
    }
}
