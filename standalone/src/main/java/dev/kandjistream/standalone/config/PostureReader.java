package dev.kandjistream.standalone.config;

import dev.kandjistream.config.Section;
import dev.kandjistream.config.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What stands under {@code posture}. */
final class PostureReader {
    static final int USUAL_PORT = 8480;
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");
    private static final Duration LEAST_AGE = Duration.ofMinutes(1);

    private final Section section;

    PostureReader(Section section) {
        this.section = section;
    }

    /** @return empty where nothing is said of posture, or what is said is at fault (which is then noted) */
    Optional<PostureSettings> read() {
        boolean given = section.isGiven();
        Optional<Path> policy =
                file("policy", given, "the policy's file; kandji-stream policy show managed prints one to begin with");
        Optional<Path> tokens = file("tokens", given, "the file of who may ask; posture/README.md shows one");
        String host = section.read("host", Type.TEXT, "127.0.0.1");
        int port = section.read("port", Type.port(), USUAL_PORT);
        Optional<PostureSettings.Tls> tls = tls();
        requireSafe(host, tls);
        int requestsPerSecond = section.read("requests_per_second", Type.number(1, 1_000_000), 2_000);
        Duration allowedAge = section.read("allowed_age", Type.duration(LEAST_AGE), Duration.ofHours(1));
        Map<String, Duration> allowedAges = allowedAges();
        Optional<PostureSettings.Live> live = live();
        section.reportUnknown();
        if (policy.isEmpty() || tokens.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new PostureSettings(
                policy.get(), tokens.get(), host, port, tls, requestsPerSecond, allowedAge, allowedAges, live));
    }

    private Optional<Path> file(String key, boolean required, String mend) {
        Optional<Path> file = required ? section.require(key, Type.PATH, mend) : section.read(key, Type.PATH);
        return file.filter(path -> {
            boolean there = Files.isRegularFile(path) && Files.isReadable(path);
            if (!there) {
                section.fault(
                        key,
                        "a file that can be read",
                        Files.exists(path) ? path + ", which cannot" : "no file " + path,
                        mend);
            }
            return there;
        });
    }

    private Optional<PostureSettings.Tls> tls() {
        boolean wanted = section.isGiven("tls_certificate") || section.isGiven("tls_key");
        Optional<Path> certificate = file("tls_certificate", wanted, "both files in PEM form, or neither");
        Optional<Path> key = file("tls_key", wanted, "both files in PEM form, or neither");
        return certificate.isPresent() && key.isPresent()
                ? Optional.of(new PostureSettings.Tls(certificate.get(), key.get()))
                : Optional.empty();
    }

    /** Whoever reads a token on its way may ask about any device. */
    private void requireSafe(String host, Optional<PostureSettings.Tls> tls) {
        boolean allowHttp = section.read("allow_http", Type.BOOLEAN, false);
        if (!allowHttp && tls.isEmpty() && !section.isGiven("tls_certificate") && !LOOPBACK.contains(host)) {
            section.fault(
                    "host",
                    "TLS for what others can reach",
                    "plain HTTP on " + Section.quoted(host),
                    "give tls_certificate and tls_key, or say allow_http: true where something in front does TLS");
        }
    }

    private Map<String, Duration> allowedAges() {
        var ages = new HashMap<String, Duration>();
        Type<Duration> type = Type.duration(LEAST_AGE);
        section.properties("allowed_ages").forEach((id, text) -> {
            // From a variable; an id has dashes where that has underscores.
            String account = id.replace('.', '-');
            type.reader()
                    .read(text, Path.of(""))
                    .ifPresentOrElse(
                            age -> ages.put(account, age),
                            () -> section.fault(
                                    "allowed_ages",
                                    type.expected(),
                                    Section.quoted(text) + " for " + account,
                                    type.hint().apply(text)));
        });
        return ages;
    }

    private Optional<PostureSettings.Live> live() {
        boolean live = section.read("live_lookup", Type.BOOLEAN, false);
        double share = section.read("quota_share", Type.share(), 0.05);
        int perSecond = section.read("lookups_per_second", Type.number(1, 50), 5);
        return live ? Optional.of(new PostureSettings.Live(share, perSecond)) : Optional.empty();
    }
}
