package dev.kandjistream.simulator.fleet;

/**
 * One app bundle as an inventory tells it, apart from the device: rows of many devices share one instance.
 *
 * @param name display name; null where the inventory has none
 * @param bundleId as given: null, {@code ""} or the text {@code No value} where there is none
 * @param version free text
 * @param path null or empty where the platform does not tell
 * @param publisher who signed it and where it came from
 */
public record App(String name, String bundleId, String version, String path, Publisher publisher) {
    /** Who made an app. {@code teamId} is null for Apple's own. */
    public record Publisher(String developerName, String teamId, String obtainedFrom, String category) {}

    private static final Publisher SOMEBODY =
            new Publisher("Example Works Ltd", "EX4MPL3T3M", "Identified Developer", "Productivity");

    /** An app in a Mac's {@code /Applications}. */
    public static App mac(String name, String bundleId, String version) {
        return new App(name, bundleId, version, "/Applications/" + name + ".app", SOMEBODY);
    }

    /** An app of an iPhone, iPad or AppleTV, which tell no path. */
    public static App phone(String name, String bundleId, String version) {
        return new App(name, bundleId, version, null, SOMEBODY);
    }

    public App withName(String newName) {
        return new App(newName, bundleId, version, path, publisher);
    }

    public App withVersion(String newVersion) {
        return new App(name, bundleId, newVersion, path, publisher);
    }

    public App withPath(String newPath) {
        return new App(name, bundleId, version, newPath, publisher);
    }

    public App withPublisher(Publisher newPublisher) {
        return new App(name, bundleId, version, path, newPublisher);
    }

    /** Whether this bundle lies inside the other's. */
    boolean isInside(App other) {
        return path != null && other.path != null && !other.path.isEmpty() && path.startsWith(other.path + "/");
    }

    /** Last part of the path without {@code .app}, else the name: what Apple calls the bundle name. Null if neither. */
    public String bundleName() {
        if (path == null || path.isEmpty()) {
            return name;
        }
        String last = path.substring(path.lastIndexOf('/') + 1);
        return last.endsWith(".app") ? last.substring(0, last.length() - 4) : last;
    }
}
