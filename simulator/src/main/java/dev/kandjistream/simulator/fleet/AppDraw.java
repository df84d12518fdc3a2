package dev.kandjistream.simulator.fleet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

/** Draws the apps of one device: popular ones are on many, an app comes with what lies inside its bundle. */
final class AppDraw {
    private final Catalogue catalogue;
    private final int[] macWeights;
    private final int[] phoneWeights;

    AppDraw(Catalogue catalogue) {
        this.catalogue = catalogue;
        this.macWeights = cumulative(catalogue.mac());
        this.phoneWeights = cumulative(catalogue.phone());
    }

    List<App> on(Platform platform, Random random, int rows) {
        return switch (platform) {
            case MAC -> mac(random, rows);
            case IPHONE, IPAD, APPLE_TV -> phone(random, rows);
            case ANDROID -> List.of();
        };
    }

    List<App> one(Random random) {
        return catalogue.mac().get(pick(random, macWeights)).versions().get(0);
    }

    /** About {@code rows} rows: two fifths Apple's, at most as many as macOS has. */
    private List<App> mac(Random random, int rows) {
        var apps = new ArrayList<App>();
        List<App> apple = catalogue.apple(older(random, 3));
        apps.addAll(apple.subList(0, Math.min(apple.size(), rows * 2 / 5)));
        for (Catalogue.Entry entry : catalogue.everywhere()) {
            apps.addAll(entry.versions().get(older(random, entry.versions().size())));
        }
        draw(random, catalogue.mac(), macWeights, rows, apps);
        return apps;
    }

    private List<App> phone(Random random, int rows) {
        var apps = new ArrayList<App>();
        draw(
                random,
                catalogue.phone(),
                phoneWeights,
                Math.min(rows, catalogue.phone().size() * 4 / 5),
                apps);
        return apps;
    }

    private static void draw(Random random, List<Catalogue.Entry> from, int[] weights, int rows, List<App> into) {
        var drawn = new BitSet();
        while (into.size() < rows && drawn.cardinality() < from.size()) {
            int at = pick(random, weights);
            if (drawn.get(at)) {
                continue;
            }
            drawn.set(at);
            var versions = from.get(at).versions();
            List<App> apps = versions.get(older(random, versions.size()));
            into.addAll(apps);
            if (versions.size() > 1 && random.nextInt(40) == 0) {
                App copy = versions.get(versions.size() - 1).get(0);
                into.add(copy.withPath("/Users/Shared/Old Apps/" + copy.bundleName() + ".app"));
            }
        }
    }

    /** Mostly the newest. */
    private static int older(Random random, int versions) {
        int at = 0;
        while (at < versions - 1 && random.nextInt(10) >= 7) {
            at++;
        }
        return at;
    }

    private static int[] cumulative(List<Catalogue.Entry> entries) {
        int[] sums = new int[entries.size()];
        int sum = 0;
        for (int i = 0; i < sums.length; i++) {
            sum += entries.get(i).weight();
            sums[i] = sum;
        }
        return sums;
    }

    private static int pick(Random random, int[] cumulative) {
        int ticket = random.nextInt(cumulative[cumulative.length - 1]);
        int at = Arrays.binarySearch(cumulative, ticket + 1);
        return at >= 0 ? at : -at - 1;
    }
}
