package dev.kandjistream.posture.policy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Policies to begin with, each with its tests. */
public enum ShippedPolicy {
    /** What Kandji knows may sign in. */
    CONNECTED,
    /** What Kandji manages may sign in. */
    MANAGED,
    /** What vendors of sign-in commonly ask of a trusted device. */
    TRUSTED;

    /** As its file is called, without ending. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The file's YAML. */
    public String text() {
        return resource("/policies/" + word() + ".yml");
    }

    /** Cases that the policy passes. */
    public List<Fixture> cases() {
        String file = "/policies/tests/" + word() + "/cases.yml";
        return FixtureReader.read(resource(file), file);
    }

    private static String resource(String name) {
        try (InputStream stream = ShippedPolicy.class.getResourceAsStream(name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException fault) {
            throw new UncheckedIOException("A policy of ours cannot be read: " + name, fault);
        }
    }
}
