package dev.kandjistream.standalone.run;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 of a key or value: stands for it where many are compared and none may be kept. */
record Digest(long first, long second, long third, long fourth) {
    private static final Digest NOTHING = new Digest(0, 0, 0, 0);

    /** @param bytes null for a value that is none */
    static Digest of(byte[] bytes) {
        if (bytes == null) {
            return NOTHING;
        }
        try {
            var sum = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes));
            return new Digest(sum.getLong(), sum.getLong(), sum.getLong(), sum.getLong());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
