package dev.kandjistream.poller.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses are given as numbers, so that nothing is resolved. */
class FileAddressTest {
    private static final URI PUBLIC_API = URI.create("https://203.0.113.7");
    private static final String SECRET = "/exports/apps.csv?X-Amz-Signature=5ecre7";

    private static ExportFailure refusal(String url, URI api) {
        var refusal = catchThrowableOfType(ExportFailure.class, () -> FileAddress.checked(url, api));
        assertThat(refusal).as(url).isNotNull();
        assertThat(refusal.isLasting()).isTrue();
        assertThat(refusal).hasNoCause();
        assertThat(refusal.getMessage()).doesNotContain("5ecre7").doesNotContain("apps.csv");
        return refusal;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://198.51.100.3", "https://198.51.100.3:8443", "https://[2001:db9::1]", "HTTPS://8.8.8.8"})
    void aPublicAddressIsFetchedFrom(String origin) throws Exception {
        assertThat(FileAddress.checked(origin + SECRET, PUBLIC_API)).hasToString(origin + SECRET);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1,LOOPBACK",
        "2130706433,LOOPBACK",
        "[::1],LOOPBACK",
        "[::ffff:127.0.0.1],LOOPBACK",
        "localhost,LOOPBACK",
        "10.1.2.3,PRIVATE",
        "172.31.0.1,PRIVATE",
        "192.168.1.1,PRIVATE",
        "100.64.0.1,PRIVATE",
        "[fd00::1],PRIVATE",
        "169.254.169.254,LINK_LOCAL",
        "[fe80::1],LINK_LOCAL",
        "[::ffff:169.254.169.254],LINK_LOCAL",
        "0.0.0.0,NO_HOST",
        "0.1.2.3,NO_HOST",
        "224.0.0.1,NO_HOST",
        "255.255.255.255,NO_HOST",
        "198.19.0.1,NO_HOST",
        "[::],NO_HOST",
        "[64:ff9b::a9fe:a9fe],NO_HOST",
        "[2002:7f00:1::1],NO_HOST",
        "[2001:0:1::1],NO_HOST",
        "[::7f00:1],NO_HOST"
    })
    void nothingButAPublicAddressIsFetchedFrom(String host, String kind) {
        assertThat(refusal("https://" + host + SECRET, PUBLIC_API)).hasMessageContaining(kind);
    }

    @Test
    void anApiOnALoopbackAddressMayHaveItsFilesThereAndNowhereElseInside() throws Exception {
        var api = URI.create("http://127.0.0.1:8080");
        assertThat(FileAddress.checked("http://127.0.0.1:9090" + SECRET, api).getPort())
                .isEqualTo(9090);
        refusal("http://10.0.0.1" + SECRET, api);
        refusal("http://169.254.169.254" + SECRET, api);
        FileAddress.checked("https://198.51.100.3" + SECRET, api);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://198.51.100.3" + SECRET,
                "file:///etc/passwd?5ecre7",
                "ftp://198.51.100.3" + SECRET,
                "https://user:5ecre7@198.51.100.3" + SECRET,
                "https:" + SECRET,
                SECRET,
                "https://198.51.100.3/ " + SECRET,
                "https://under_score.example.com" + SECRET
            })
    void whatIsNoPlainHttpsUrlIsRefused(String url) {
        refusal(url, PUBLIC_API);
    }

    @Test
    void aHostThatDoesNotExistMayExistTomorrow() {
        var refusal = catchThrowableOfType(
                ExportFailure.class, () -> FileAddress.checked("https://nowhere.invalid" + SECRET, PUBLIC_API));
        assertThat(refusal.isLasting()).isFalse();
    }
}
