package dev.kandjistream.simulator.fleet;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * The apps that seeded fleets draw from, read from the text files beside this class. Names, publishers and categories of
 * one bundle id are the same in all its versions and paths, so that two devices of a user never disagree about an app.
 */
public final class Catalogue {
    /** What is installed and removed together: an app in each of its versions, newest first, with what lies inside. */
    record Entry(int weight, List<List<App>> versions) {
        App newest() {
            return versions.get(0).get(0);
        }
    }

    private static final Catalogue STANDARD = new Catalogue();
    private static final int OS_GENERATIONS = 3;

    private final List<List<App>> apple = new ArrayList<>();
    private final List<Entry> everywhere = new ArrayList<>();
    private final List<Entry> mac = new ArrayList<>();
    private final List<Entry> phone = new ArrayList<>();

    private Catalogue() {
        for (int generation = 0; generation < OS_GENERATIONS; generation++) {
            apple.add(new ArrayList<>());
        }
        lines("apple-apps.txt").forEach(this::addApple);
        addMacs(lines("mac-apps.txt"));
        lines("phone-apps.txt").forEach(this::addPhone);
        mac.addAll(LongTail.entries());
    }

    static Catalogue standard() {
        return STANDARD;
    }

    /** About {@code rows} apps that a device of the platform might have; phones have fewer to choose from. */
    public static List<App> draw(Platform platform, Random random, int rows) {
        return new AppDraw(STANDARD).on(platform, random, rows);
    }

    /** An app for Macs with what lies inside its bundle, popular ones more often. */
    public static List<App> drawOne(Random random) {
        return new AppDraw(STANDARD).one(random);
    }

    /** Newest version of a catalogued Mac app by its bundle id. */
    public static Optional<App> mac(String bundleId) {
        return STANDARD.mac.stream()
                .map(Entry::newest)
                .filter(app -> bundleId.equals(app.bundleId()))
                .findFirst();
    }

    /** Apple's apps of one macOS generation, 0 being the newest of three. */
    List<App> apple(int generation) {
        return apple.get(generation);
    }

    /** What every Mac has besides Apple's. */
    List<Entry> everywhere() {
        return everywhere;
    }

    /** Real apps by falling weight, then a long tail of rare ones. */
    List<Entry> mac() {
        return mac;
    }

    List<Entry> phone() {
        return phone;
    }

    private void addApple(String line) {
        String[] part = line.split("\\|");
        var publisher = new App.Publisher("Apple", null, "Apple", "Utilities");
        int major = 1 + Math.floorMod(part[0].hashCode(), 20);
        for (int generation = 0; generation < OS_GENERATIONS; generation++) {
            String version = major + "." + (OS_GENERATIONS - generation);
            apple.get(generation).add(new App(part[0], part[1], version, part[2] + "/" + part[0] + ".app", publisher));
        }
    }

    private void addMacs(List<String> lines) {
        for (int i = 0; i < lines.size(); ) {
            String[] parent = lines.get(i).split("\\|");
            int next = i + 1;
            while (next < lines.size() && lines.get(next).startsWith("+")) {
                next++;
            }
            List<String> nested = lines.subList(i + 1, next);
            if (parent[0].equals("all")) {
                everywhere.add(macEntry(0, parent, nested));
            } else {
                mac.add(macEntry(Integer.parseInt(parent[0]), parent, nested));
            }
            i = next;
        }
    }

    private static Entry macEntry(int weight, String[] part, List<String> nested) {
        String name = given(part[1]);
        String bundleId = given(part[2]);
        var publisher = new App.Publisher(part[3], given(part[4]), part[5], part[6]);
        String bundle = name != null ? name : bundleId.substring(bundleId.lastIndexOf('.') + 1);
        var versions = new ArrayList<List<App>>();
        for (String version : part[7].split(",")) {
            var parent = new App(name, bundleId, version, "/Applications/" + bundle + ".app", publisher);
            var together = new ArrayList<App>();
            together.add(parent);
            nested.forEach(line -> together.addAll(nested(parent, line.substring(1))));
            versions.add(List.copyOf(together));
        }
        return new Entry(weight, List.copyOf(versions));
    }

    private static List<App> nested(App parent, String line) {
        if (line.equals("electron")) {
            return electron(parent);
        }
        String[] part = line.split("\\|");
        String path = part[2].startsWith("/") ? part[2] : parent.path() + "/" + part[2];
        return List.of(new App(part[0], given(part[1]), parent.version(), path, parent.publisher()));
    }

    private static List<App> electron(App parent) {
        var helpers = new ArrayList<App>();
        for (String kind : List.of("", " (GPU)", " (Plugin)", " (Renderer)")) {
            String name = parent.name() + " Helper" + kind;
            String bundleId = parent.bundleId() + ".helper" + kind.replaceAll("[ ()]+", ".");
            helpers.add(new App(
                    name,
                    bundleId.endsWith(".") ? bundleId.substring(0, bundleId.length() - 1) : bundleId,
                    parent.version(),
                    parent.path() + "/Contents/Frameworks/" + name + ".app",
                    parent.publisher()));
        }
        return helpers;
    }

    private void addPhone(String line) {
        String[] part = line.split("\\|");
        var publisher = new App.Publisher(part[3], null, "App Store", part[4]);
        var versions = new ArrayList<List<App>>();
        for (String version : part[5].split(",")) {
            versions.add(List.of(new App(part[1], part[2], version, null, publisher)));
        }
        phone.add(new Entry(Integer.parseInt(part[0]), List.copyOf(versions)));
    }

    private static String given(String text) {
        return switch (text) {
            case "null" -> null;
            case "empty" -> "";
            default -> text;
        };
    }

    static List<String> lines(String resource) {
        try (var in = Catalogue.class.getResourceAsStream(resource);
                var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return reader.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Catalogue file cannot be read: " + resource, e);
        }
    }
}
