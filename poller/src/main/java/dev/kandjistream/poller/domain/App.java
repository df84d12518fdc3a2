package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.Fingerprint;

/** The text columns of an app row that are published; blank is null. Most devices share them with many others. */
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
        String category) {

    /** What makes a row the same row after an update: bundle id and path, and the name where both are missing. */
    long identity() {
        long identity = Fingerprint.ordered(Fingerprint.of(bundleId), Fingerprint.of(path));
        return bundleId == null && path == null ? Fingerprint.ordered(identity, Fingerprint.of(name)) : identity;
    }

    /** All columns. */
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
        return Fingerprint.ordered(print, Fingerprint.of(category));
    }
}
