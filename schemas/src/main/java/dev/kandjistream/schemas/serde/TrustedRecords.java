package dev.kandjistream.schemas.serde;

import org.apache.avro.util.ClassSecurityValidator;

/**
 * Lets Avro load this project's generated classes. Since 1.12.2 Avro loads no class that a schema names unless it was
 * told to trust it, because a schema comes from outside. What was trusted before stays so.
 */
final class TrustedRecords {
    private static final String PACKAGES = "dev.kandjistream.";

    static {
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(
                ClassSecurityValidator.getGlobal(), type -> type.getName().startsWith(PACKAGES)));
    }

    private TrustedRecords() {}

    /** Once is enough; more do no harm. */
    static void trust() {
        // Loading this class did it.
    }
}
