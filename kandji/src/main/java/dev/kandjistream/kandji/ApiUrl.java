package dev.kandjistream.kandji;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where an account's API is. The host says which tenant and which region, so this is the account's identity too.
 *
 * @param origin scheme, lower-case host and, where given, port; no trailing slash. Paths start below {@code /api/v1}
 */
public record ApiUrl(URI origin) {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    /** Today's API hosts: {@code SUB.api.kandji.io}, {@code SUB.api.eu.kandji.io}, and the same under iru.com. */
    private static final Pattern API_HOST =
            Pattern.compile("(?<sub>[^.]+)\\.api(?:\\.(?<region>eu))?\\.(?:kandji\\.io|iru\\.com)");

    /** Hosts of older tenants, which still serve. */
    private static final Pattern CLIENTS_HOST =
            Pattern.compile("(?<sub>[^.]+)\\.clients\\.(?<region>[^.]+)\\.(?:kandji\\.io|iru\\.com)");

    private static final Pattern WEB_APP =
            Pattern.compile("(?<sub>[^.]+)(?<region>\\.eu)?\\.(?:kandji\\.io|iru\\.com)");

    /**
     * Understands every form people paste: with or without scheme, {@code /api}, {@code /api/v1}, trailing slashes, query
     * and fragment, spaces around, in any case.
     *
     * @param allowHttp whether {@code http} is good enough; on loopback it always is
     * @throws IllegalArgumentException with a message that says what was expected and what was found
     */
    public static ApiUrl parse(String text, boolean allowHttp) {
        String given = text == null ? "" : text.strip();
        if (given.isEmpty()) {
            throw new IllegalArgumentException("expected a URL such as https://acme.api.kandji.io, found nothing");
        }
        URI uri = uri(given.contains("://") ? given : "https://" + given, given);
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw new IllegalArgumentException("expected https, found " + scheme + " in \"" + given + "\"");
        }
        if (scheme.equals("http") && !allowHttp && !LOOPBACK.contains(host)) {
            throw new IllegalArgumentException("expected https, found http in \"" + given
                    + "\": the token would be readable on the way. Say allow_http: true if that is meant");
        }
        requireApiHost(host, given);
        requireNoPath(uri, given);
        return new ApiUrl(URI.create(scheme + "://" + host + port(uri, scheme)));
    }

    private static URI uri(String text, String given) {
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException malformed) {
            throw unreadable(given);
        }
        if (uri.getUserInfo() != null) {
            throw new IllegalArgumentException("expected a URL without user and password, found one with them");
        }
        if (uri.getHost() == null) {
            throw unreadable(given);
        }
        return uri;
    }

    private static IllegalArgumentException unreadable(String given) {
        return new IllegalArgumentException(
                "expected a URL such as https://acme.api.kandji.io, found \"" + given + "\"");
    }

    private static void requireApiHost(String host, String given) {
        var web = WEB_APP.matcher(host);
        if (web.matches()) {
            String region = web.group("region") == null ? "" : ".eu";
            throw new IllegalArgumentException("expected the API's host, found the web app's in \"" + given
                    + "\"; the API should be at https://" + web.group("sub") + ".api" + region + ".kandji.io");
        }
    }

    private static void requireNoPath(URI uri, String given) {
        String path = uri.getPath().replaceAll("/+$", "");
        path = withoutEnd(withoutEnd(path, "/v1"), "/api");
        if (!path.isEmpty()) {
            throw new IllegalArgumentException("expected nothing after the host but /api/v1, found \"" + given + "\"");
        }
    }

    private static String withoutEnd(String path, String end) {
        return path.toLowerCase(Locale.ROOT).endsWith(end)
                ? path.substring(0, path.length() - end.length()).replaceAll("/+$", "")
                : path;
    }

    private static String port(URI uri, String scheme) {
        int usual = scheme.equals("https") ? 443 : 80;
        return uri.getPort() < 0 || uri.getPort() == usual ? "" : ":" + uri.getPort();
    }

    /**
     * What two URLs of one tenant have in common: {@code acme/us} for {@code acme.api.kandji.io},
     * {@code acme.api.iru.com} and {@code acme.clients.us-1.kandji.io}; for other hosts, such as a test server, the origin.
     */
    public String tenant() {
        var api = API_HOST.matcher(origin.getHost());
        if (api.matches()) {
            return api.group("sub") + "/" + (api.group("region") == null ? "us" : "eu");
        }
        var clients = CLIENTS_HOST.matcher(origin.getHost());
        if (clients.matches()) {
            return clients.group("sub") + "/" + (clients.group("region").startsWith("eu") ? "eu" : "us");
        }
        return origin.toString();
    }

    @Override
    public String toString() {
        return origin.toString();
    }
}
