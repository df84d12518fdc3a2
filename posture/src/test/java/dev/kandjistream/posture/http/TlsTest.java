package dev.kandjistream.posture.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private static Path folder;

    private static KeyStore made;
    private static Path certificate;
    private static Path key;

    @BeforeAll
    static void makeACertificate() throws IOException, InterruptedException, GeneralSecurityException {
        Path store = folder.resolve("made.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-J-XX:TieredStopAtLevel=1",
                        "-genkeypair",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit",
                        "-storetype",
                        "PKCS12",
                        "-alias",
                        "made",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=IP:127.0.0.1")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor()).isZero();
        made = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            made.load(in, PASSWORD);
        }
        Key privateKey = made.getKey("made", PASSWORD);
        certificate =
                write("tls.crt", "CERTIFICATE", made.getCertificate("made").getEncoded());
        key = write("tls.key", "PRIVATE KEY", privateKey.getEncoded());
    }

    @Test
    void withACertificateTheApiIsEncrypted() throws GeneralSecurityException {
        Settings settings = Served.SETTINGS.withTls(new Settings.Tls(certificate, key));
        Tokens tokens = token -> Optional.of(new Client("any", Set.of(Scope.DECIDE)));
        try (var served = new Served(settings, tokens, trustingClient())) {
            assertThat(served.server.url()).startsWith("https://127.0.0.1:");
            assertThat(served.decide(Served.QUESTION).statusCode()).isEqualTo(200);
            assertThat(served.decide(Served.QUESTION).sslSession().orElseThrow().getProtocol())
                    .isEqualTo("TLSv1.3");
        }
    }

    @Test
    void keysOfAnotherFormAreToldHowToBecomeOne() throws IOException {
        Path old = write("old.key", "EC PRIVATE KEY", new byte[] {1, 2, 3});

        assertRefused(
                certificate,
                old,
                "old.key: expected a PRIVATE KEY in PEM (PKCS#8, not encrypted), found EC PRIVATE KEY;"
                        + " openssl pkcs8 -topk8 -nocrypt");
        assertRefused(certificate, certificate, "tls.crt: expected a PRIVATE KEY in PEM");
        assertRefused(
                certificate,
                write("bad.key", "PRIVATE KEY", new byte[] {1, 2, 3}),
                "bad.key: expected a key of the certificate's kind, EC, found another");
    }

    @Test
    void aKeyOfAnotherCertificateIsRefused() throws IOException, GeneralSecurityException {
        var generator = java.security.KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        Path other = write(
                "other.key",
                "PRIVATE KEY",
                generator.generateKeyPair().getPrivate().getEncoded());

        assertRefused(certificate, other, "other.key: expected the key of the first certificate in ");
    }

    @Test
    void whatIsNoCertificateIsRefused() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty.crt"), "");

        assertRefused(key, key, "tls.key: expected certificates in PEM, the server's first, found none");
        assertRefused(empty, key, "empty.crt: expected certificates in PEM");
    }

    private static void assertRefused(Path certificateFile, Path keyFile, String message) {
        assertThatThrownBy(() -> PemFiles.keyStore(new Settings.Tls(certificateFile, keyFile)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(message);
    }

    private static HttpClient trustingClient() throws GeneralSecurityException {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            Certificate own = made.getCertificate("made");
            trusted.setCertificateEntry("made", own);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return HttpClient.newBuilder().sslContext(context).build();
        } catch (IOException impossible) {
            throw new GeneralSecurityException(impossible);
        }
    }

    private static Path write(String name, String kind, byte[] content) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return Files.writeString(
                folder.resolve(name), "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n");
    }
}
