package dev.kandjistream.posture.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
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
    static void makeTwoCertificates() throws IOException, InterruptedException, GeneralSecurityException {
        Process first = keytool("made");
        Process second = keytool("next");
        assertThat(first.waitFor() + second.waitFor()).isZero();
        made = keyStore("made");
        certificate = writeCertificate("tls.crt", made);
        key = writeKey("tls.key", made);
    }

    private static Process keytool(String name) throws IOException {
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        String arguments = "-J-XX:TieredStopAtLevel=1 -genkeypair -storepass changeit -storetype PKCS12 -alias server"
                + " -keyalg EC -groupname secp256r1 -dname CN=localhost -ext SAN=IP:127.0.0.1 -keystore";
        List<String> command = new ArrayList<>(List.of(keytool));
        command.addAll(List.of(arguments.split(" ")));
        command.add(folder.resolve(name + ".p12").toString());
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile())
                .start();
    }

    private static KeyStore keyStore(String name) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve(name + ".p12"))) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    private static Path writeCertificate(String file, KeyStore store) throws IOException, GeneralSecurityException {
        return write(file, "CERTIFICATE", store.getCertificate("server").getEncoded());
    }

    private static Path writeKey(String file, KeyStore store) throws IOException, GeneralSecurityException {
        return write(file, "PRIVATE KEY", store.getKey("server", PASSWORD).getEncoded());
    }

    @Test
    void aRenewedCertificateIsShownAndABrokenOneIsNot() throws Exception {
        KeyStore next = keyStore("next");
        var files = new Settings.Tls(writeCertificate("old.crt", made), writeKey("own.key", made));
        var registry = new SimpleMeterRegistry();
        try (var shown = ServerCertificate.open(files, registry, Duration.ofMillis(5))) {
            shown.context().start();
            assertThat(shown.context().getX509("server").getCertificate()).isEqualTo(made.getCertificate("server"));

            writeCertificate("old.crt", next);
            await(() -> registry.get("posture.tls.sound").gauge().value() == 0);
            assertThat(shown.context().getX509("server").getCertificate()).isEqualTo(made.getCertificate("server"));

            writeKey("own.key", next);
            await(() -> registry.get("posture.tls.sound").gauge().value() == 1);
            assertThat(shown.context().getX509("server").getCertificate()).isEqualTo(next.getCertificate("server"));
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited in vain").isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
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
            Certificate own = made.getCertificate("server");
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
