package dev.kandjistream.schemas.serde;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;

/**
 * Where the registry is and how to speak to it, read from Confluent's configuration names.
 *
 * @param addresses asked in order until one answers
 * @param readTimeout for one whole answer ({@code http.read.timeout.ms}, 10 s)
 * @param retries how often all URLs are tried again after the first time ({@code max.retries}, 3)
 * @param retryWait before the first retry ({@code retries.wait.ms}, 200 ms); doubled for each further one
 * @param retryWaitMax the longest wait between two tries ({@code retries.max.wait.ms}, 5 s)
 * @param tls {@code schema.registry.ssl.*} as Kafka's {@code ssl.*}; empty for the JVM's defaults
 */
record RegistrySettings(
        List<Address> addresses,
        Duration readTimeout,
        int retries,
        Duration retryWait,
        Duration retryWaitMax,
        Map<String, Object> tls) {
    /**
     * One registry.
     *
     * @param url without trailing slash and user info
     * @param authorization value of the Authorization header. From a URL's user info it goes to that URL alone
     */
    record Address(URI url, Optional<Password> authorization) {}

    private static final String TLS_PREFIX = "schema.registry.ssl.";

    static RegistrySettings from(Map<String, ?> configured) {
        var settings = new Settings(configured);
        List<URI> given = urls(settings.text("schema.registry.url")
                .orElseThrow(() -> new ConfigException("schema.registry.url", null, "expected one or more URLs")));
        return new RegistrySettings(
                given.stream()
                        .map(url -> new Address(bare(url), authorization(settings, url)))
                        .toList(),
                settings.millis("http.read.timeout.ms", Duration.ofSeconds(10)),
                settings.number("max.retries", 3),
                settings.millis("retries.wait.ms", Duration.ofMillis(200)),
                settings.millis("retries.max.wait.ms", Duration.ofSeconds(5)),
                settings.under(TLS_PREFIX, "ssl."));
    }

    private static List<URI> urls(String given) {
        var urls = new ArrayList<URI>();
        for (String url : given.split(",")) {
            try {
                var parsed = new URI(url.strip().replaceAll("/+$", ""));
                boolean isHttp = "http".equals(parsed.getScheme()) || "https".equals(parsed.getScheme());
                if (!isHttp || parsed.getHost() == null) {
                    throw new URISyntaxException("", "not an http or https URL");
                }
                urls.add(parsed);
            } catch (URISyntaxException e) {
                // The value is not repeated: it may carry a password.
                throw new ConfigException("schema.registry.url: expected URLs such as http://host:8081, comma"
                        + " separated; found one that is not: " + e.getReason());
            }
        }
        return urls;
    }

    private static URI bare(URI url) {
        try {
            return new URI(url.getScheme(), null, url.getHost(), url.getPort(), url.getPath(), null, null);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<Password> authorization(Settings settings, URI url) {
        String basic = settings.text("basic.auth.credentials.source").orElse("URL");
        String bearer = settings.text("bearer.auth.credentials.source").orElse("");
        if (bearer.equals("STATIC_TOKEN")) {
            return Optional.of(new Password("Bearer " + required(settings, "bearer.auth.token")));
        }
        if (!bearer.isEmpty()) {
            throw new ConfigException("bearer.auth.credentials.source", bearer, "expected STATIC_TOKEN");
        }
        return switch (basic) {
            case "USER_INFO" ->
                Optional.of(basic(settings.text("basic.auth.user.info")
                        .orElseGet(() -> required(settings, "schema.registry.basic.auth.user.info"))));
            case "URL" -> Optional.ofNullable(url.getUserInfo()).map(RegistrySettings::basic);
            default -> throw new ConfigException("basic.auth.credentials.source", basic, "expected URL or USER_INFO");
        };
    }

    private static String required(Settings settings, String name) {
        return settings.text(name).orElseThrow(() -> new ConfigException(name + " is missing"));
    }

    private static Password basic(String userInfo) {
        return new Password("Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8)));
    }
}
