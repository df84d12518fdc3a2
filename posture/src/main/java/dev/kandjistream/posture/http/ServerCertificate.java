package dev.kandjistream.posture.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate that the API shows, and the one after it: those who hand them out replace the files weeks before the end, and
 * new connections get what stands there. Files that will not do leave the certificate in use, and {@code posture_tls_sound} at 0.
 */
final class ServerCertificate implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServerCertificate.class);

    private final Settings.Tls files;
    private final FileWatch watch;
    private final SslContextFactory.Server context = new SslContextFactory.Server();
    private volatile boolean sound = true;

    private ServerCertificate(Settings.Tls files) throws IOException {
        this.files = files;
        watch = new FileWatch("posture-tls", List.of(files.certificateChain(), files.privateKey()));
        use(context, PemFiles.keyStore(files));
        context.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    }

    /** @throws IOException with the file, what was expected in it and how to mend it */
    static ServerCertificate open(Settings.Tls files, MeterRegistry registry, Duration every) throws IOException {
        var certificate = new ServerCertificate(files);
        Gauge.builder("posture.tls.sound", certificate, c -> c.sound ? 1 : 0)
                .description("1 where the certificate in use is that of the files as they are now")
                .register(registry);
        certificate.watch.follow(every, certificate::renew);
        return certificate;
    }

    SslContextFactory.Server context() {
        return context;
    }

    private void renew() {
        try {
            KeyStore keys = PemFiles.keyStore(files);
            context.reload(same -> use(same, keys));
            sound = true;
            LOG.atInfo().addKeyValue("file", files.certificateChain()).log("The changed certificate is in use");
        } catch (Exception unusable) {
            sound = false;
            LOG.atWarn()
                    .addKeyValue("file", files.certificateChain())
                    .addKeyValue("fault", unusable.getMessage())
                    .log("The changed certificate or its key is at fault; the one before is in use");
        }
    }

    private static void use(SslContextFactory context, KeyStore keys) {
        context.setKeyStore(keys);
        context.setKeyStorePassword(new String(PemFiles.PASSWORD));
    }

    @Override
    public void close() {
        watch.close();
    }
}
