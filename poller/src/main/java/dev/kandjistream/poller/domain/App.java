package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.Fingerprint;
import dev.kandjistream.kandji.domain.RowShape;

/**
 * The text columns of an app row that are published; blank is null, and so is what cannot be read. Most devices share them
 * with many others.
 *
 * @param shape the columns that are cut or cannot be read, among them {@code created_at} and {@code updated_at}. Columns that
 *     are missing are not in it
 * @param uncut fingerprint of the texts that are cut as they were before; 0 where none is
 */
public record App(
        String name,
        String bundleId,
        String version,
        String shortVersion,
        String path,
        String bundleName,
        String bundleType,
        String developerName,
        String teamId,
        String obtainedFrom,
        String category,
        RowShape shape,
        long uncut) {

    /** All of it read. */
    public App(
            String name,
            String bundleId,
            String version,
            String shortVersion,
            String path,
            String bundleName,
            String bundleType,
            String developerName,
            String teamId,
            String obtainedFrom,
            String category) {
        this(
                name,
                bundleId,
                version,
                shortVersion,
                path,
                bundleName,
                bundleType,
                developerName,
                teamId,
                obtainedFrom,
                category,
                RowShape.FULL,
                0);
    }

    /** What makes a row the same row after an update, see {@link RowIdentity}. */
    long identity() {
        return RowIdentity.of(this);
    }

    /** As {@link #identity} was in 0.1.0: the name belonged to it only where bundle id and path are missing. */
    long formerIdentity() {
        long identity = Fingerprint.ordered(Fingerprint.of(bundleId), Fingerprint.of(path));
        return bundleId == null && path == null ? Fingerprint.ordered(identity, Fingerprint.of(name)) : identity;
    }

    /** Whether it has no bundle id, or a text in its place that is none: every bundle id has a dot. */
    boolean lacksBundleId() {
        return bundleId == null || bundleId.indexOf('.') < 0;
    }

    boolean lacksPath() {
        return visible(path) == null;
    }

    boolean lacksName() {
        return visible(name) == null;
    }

    /**
     * The text without white space, control and invisible characters around it; null where nothing is left. The enricher trims
     * its keys in the same way, in code of its own: its domain depends on nothing.
     */
    static String visible(String text) {
        if (text == null) {
            return null;
        }
        int from = 0;
        int to = text.length();
        while (from < to && isInvisible(text.codePointAt(from))) {
            from += Character.charCount(text.codePointAt(from));
        }
        while (from < to && isInvisible(text.codePointBefore(to))) {
            to -= Character.charCount(text.codePointBefore(to));
        }
        return from == to ? null : text.substring(from, to);
    }

    private static boolean isInvisible(int character) {
        return Character.isWhitespace(character)
                || Character.isSpaceChar(character)
                || Character.isISOControl(character)
                || Character.getType(character) == Character.FORMAT;
    }

    /** All columns, and what of them is cut or cannot be read. */
    long content() {
        long print = Fingerprint.of(name);
        print = Fingerprint.ordered(print, Fingerprint.of(bundleId));
        print = Fingerprint.ordered(print, Fingerprint.of(version));
        print = Fingerprint.ordered(print, Fingerprint.of(shortVersion));
        print = Fingerprint.ordered(print, Fingerprint.of(path));
        print = Fingerprint.ordered(print, Fingerprint.of(bundleName));
        print = Fingerprint.ordered(print, Fingerprint.of(bundleType));
        print = Fingerprint.ordered(print, Fingerprint.of(developerName));
        print = Fingerprint.ordered(print, Fingerprint.of(teamId));
        print = Fingerprint.ordered(print, Fingerprint.of(obtainedFrom));
        print = Fingerprint.ordered(print, Fingerprint.of(category));
        return shape.equals(RowShape.FULL) ? print : Fingerprint.ordered(print, flaws());
    }

    private long flaws() {
        String named = String.join(",", shape.cut()) + ";" + String.join(",", shape.unread());
        return Fingerprint.ordered(Fingerprint.of(named), uncut);
    }
}
