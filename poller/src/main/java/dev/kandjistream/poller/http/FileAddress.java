package dev.kandjistream.poller.http;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * Whether a file's URL, which comes out of an answer, may be fetched. Whoever could write it could else have this process
 * ask servers that only it can reach: cloud metadata, a neighbour's port. So it must be https, as the API is, and lead to
 * public addresses, or to addresses of the same kind as the API's own, as on a test's loopback.
 *
 * <p>The client resolves the name once more when it connects. A name that resolves to something else then still has to show
 * a certificate of that name, which is why http is good enough only where the API itself is asked by http.
 */
final class FileAddress {
    private enum Kind {
        PUBLIC,
        LOOPBACK,
        PRIVATE,
        LINK_LOCAL,
        /** Multicast, "this network", reserved, and tunnels into any of the others. */
        NO_HOST
    }

    private FileAddress() {}

    /**
     * @param url a secret, as it is signed; no message holds it
     * @param api origin of the API that named it
     */
    static URI checked(String url, URI api) throws ExportFailure {
        URI uri = uri(url);
        String scheme = String.valueOf(uri.getScheme());
        boolean https = scheme.equalsIgnoreCase("https");
        if (!https && !(scheme.equalsIgnoreCase("http") && api.getScheme().equals("http"))) {
            throw ExportFailure.lasting("expected an https URL of the export's file, found another scheme");
        }
        if (uri.getHost() == null || uri.getRawUserInfo() != null) {
            throw ExportFailure.lasting("expected a URL of the export's file with a host and no user, found another");
        }
        Set<Kind> fileAt = kinds(uri.getHost());
        fileAt.remove(Kind.PUBLIC);
        if (!fileAt.isEmpty()) {
            fileAt.removeAll(kinds(api.getHost()));
        }
        if (!fileAt.isEmpty()) {
            throw ExportFailure.lasting("expected the export's file on a public address, found it on one that is not ("
                    + String.join(", ", fileAt.stream().map(Kind::name).toList()) + ")");
        }
        return uri;
    }

    private static URI uri(String url) throws ExportFailure {
        try {
            return URI.create(url);
        } catch (IllegalArgumentException malformed) {
            // Its message would quote the URL.
            throw ExportFailure.lasting("expected a URL of the export's file, found something else");
        }
    }

    private static Set<Kind> kinds(String host) throws ExportFailure {
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                kinds.add(kind(address));
            }
        } catch (UnknownHostException unknown) {
            throw ExportFailure.passing("the host of the export's file cannot be resolved");
        }
        return kinds;
    }

    private static Kind kind(InetAddress address) {
        if (address.isLoopbackAddress()) {
            return Kind.LOOPBACK;
        }
        if (address.isLinkLocalAddress()) {
            return Kind.LINK_LOCAL;
        }
        if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
            return Kind.NO_HOST;
        }
        byte[] bytes = address.getAddress();
        if (address.isSiteLocalAddress()) {
            return Kind.PRIVATE;
        }
        return address instanceof Inet4Address ? kindOf4(bytes) : kindOf6(bytes);
    }

    /** Beside RFC 1918, which the JDK knows as site-local: shared addresses (RFC 6598), and what is no host's. */
    private static Kind kindOf4(byte[] bytes) {
        int first = bytes[0] & 0xFF;
        int second = bytes[1] & 0xFF;
        if (first == 100 && (second & 0xC0) == 64) {
            return Kind.PRIVATE;
        }
        boolean protocols = first == 192 && second == 0 && bytes[2] == 0;
        boolean benchmarks = first == 198 && (second & 0xFE) == 18;
        return first == 0 || first >= 240 || protocols || benchmarks ? Kind.NO_HOST : Kind.PUBLIC;
    }

    /** Unique local addresses (RFC 4193), and prefixes behind which an IPv4 address stands: 6to4, Teredo, NAT64. */
    private static Kind kindOf6(byte[] bytes) {
        if ((bytes[0] & 0xFE) == 0xFC) {
            return Kind.PRIVATE;
        }
        int prefix = (bytes[0] & 0xFF) << 8 | bytes[1] & 0xFF;
        boolean teredo = prefix == 0x2001 && bytes[2] == 0 && bytes[3] == 0;
        boolean nat64 = prefix == 0x0064 && (bytes[2] & 0xFF) == 0xFF && (bytes[3] & 0xFF) == 0x9B;
        boolean zeroes = Arrays.equals(bytes, 0, 8, new byte[8], 0, 8);
        return prefix == 0x2002 || teredo || nat64 || zeroes ? Kind.NO_HOST : Kind.PUBLIC;
    }
}
