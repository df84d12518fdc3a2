package dev.kandjistream.posture.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A certificate and its key, as certificate authorities and orchestrators hand them out. */
final class PemFiles {
    /** Keys in memory are protected by nothing that a password would add to. */
    static final char[] PASSWORD = new char[0];

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final String MEND = "; openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW makes one of any other";

    private PemFiles() {}

    /** @throws IOException with the file, what was expected in it and how to mend it */
    static KeyStore keyStore(Settings.Tls files) throws IOException {
        Certificate[] chain = chain(files.certificateChain());
        PrivateKey key = key(files.privateKey(), chain[0].getPublicKey().getAlgorithm());
        try {
            requirePair(chain[0], key, files);
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("server", key, PASSWORD, chain);
            return store;
        } catch (GeneralSecurityException unusable) {
            throw new IOException(files.certificateChain() + ": expected a certificate that Java can use", unusable);
        }
    }

    private static Certificate[] chain(Path file) throws IOException {
        try {
            Certificate[] chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)))
                    .toArray(Certificate[]::new);
            if (chain.length > 0) {
                return chain;
            }
        } catch (GeneralSecurityException notCertificates) {
            // Said below.
        }
        throw new IOException(file + ": expected certificates in PEM, the server's first, found none");
    }

    private static PrivateKey key(Path file, String algorithm) throws IOException {
        Matcher block = BLOCK.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        String found = "none";
        while (block.find()) {
            if (block.group(1).equals("PRIVATE KEY")) {
                return key(file, algorithm, Base64.getMimeDecoder().decode(block.group(2)));
            }
            found = block.group(1);
        }
        throw new IOException(file + ": expected a PRIVATE KEY in PEM (PKCS#8, not encrypted), found " + found + MEND);
    }

    private static PrivateKey key(Path file, String algorithm, byte[] encoded) throws IOException {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException another) {
            // Its message may show parts of the key.
            throw new IOException(
                    file + ": expected a key of the certificate's kind, " + algorithm + ", found another");
        }
    }

    private static void requirePair(Certificate certificate, PrivateKey key, Settings.Tls files)
            throws GeneralSecurityException, IOException {
        String algorithm = key.getAlgorithm().equals("RSA")
                ? "SHA256withRSA"
                : key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : key.getAlgorithm();
        byte[] message = "whose key is it".getBytes(StandardCharsets.US_ASCII);
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(key);
        signer.update(message);
        Signature verifier = Signature.getInstance(algorithm);
        verifier.initVerify(certificate.getPublicKey());
        verifier.update(message);
        if (!verifier.verify(signer.sign())) {
            throw new IOException(files.privateKey() + ": expected the key of the first certificate in "
                    + files.certificateChain() + ", found another");
        }
    }
}
