package dev.kandjistream.poller.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class DeviceAppsTest {
    private static App app(String bundleId, String path, String name, String version) {
        return new App(name, bundleId, version, null, path, null, null, null, null, null, null);
    }

    private static DeviceApps rows(List<App> apps) {
        var device = new DeviceApps("a", 0);
        apps.forEach(app -> device.add(SharedApp.of(app), 1, 2, 3, 4));
        return device.seal();
    }

    @Property(seed = "4")
    void theOrderOfRowsDoesNotCount(@ForAll List<String> names, @ForAll Random random) {
        var apps = new ArrayList<App>();
        names.forEach(name -> apps.add(app("com." + name, "/" + name, name, "1")));
        var shuffled = new ArrayList<>(apps);
        Collections.shuffle(shuffled, random);
        DeviceApps one = rows(apps);
        DeviceApps other = rows(shuffled);
        assertThat(other.fingerprint()).isEqualTo(one.fingerprint());
        assertThat(other.rowIds()).isEqualTo(one.rowIds());
        assertThat(published(other)).isEqualTo(published(one));
    }

    private static List<App> published(DeviceApps apps) {
        return apps.order().stream().map(apps::app).toList();
    }

    @Test
    void publishedByBundleIdPathNameVersion() {
        App noId = app(null, null, "Zed", "1");
        App first = app("com.a", "/1", "B", "1");
        App laterPath = app("com.a", "/2", "A", "1");
        App laterVersion = app("com.a", "/2", "A", "2");
        assertThat(published(rows(List.of(laterVersion, first, noId, laterPath))))
                .containsExactly(noId, first, laterPath, laterVersion);
    }

    @Test
    void aRowThatComesTwiceIsOneAndTheLaterReadingCounts() {
        var device = new DeviceApps("a", 4);
        var app = SharedApp.of(app("com.a", "/a", "A", "1"));
        device.add(app, 1, 2, 3, 4);
        device.add(SharedApp.of(app("com.b", "/b", "B", "1")), 1, 2, 3, 4);
        device.add(app, 1, 7, 9, 5);
        device.seal();
        assertThat(device.size()).isEqualTo(2);
        assertThat(device.repeatedRows()).isEqualTo(1);
        assertThat(device.updatedAt(0)).isEqualTo(7);
        assertThat(device.collectedAt()).isEqualTo(9);
        assertThat(device.observedAt()).isEqualTo(4);
    }

    @Test
    void twoVersionsAtOnePathAreTwoRowsOfOneIdentity() {
        DeviceApps device = rows(List.of(app("com.a", null, "A", "1"), app("com.a", null, "A", "2")));
        assertThat(device.size()).isEqualTo(2);
        assertThat(device.rowIds()).hasSize(1);
    }

    @Test
    void theNameTellsRowsApart() {
        assertThat(rows(List.of(app(null, null, "A", "1"), app(null, null, "B", "1")))
                        .rowIds())
                .hasSize(2);
        assertThat(rows(List.of(app("com.a", null, "A", "1"), app("com.a", null, "B", "1")))
                        .rowIds())
                .hasSize(2);
        assertThat(rows(List.of(app("com.a", null, "A", "1"), app("com.a", null, "A", "2")))
                        .rowIds())
                .hasSize(1);
    }

    @Test
    void aNewerReportOfTheSameRowsIsNoChangeButAnyColumnIs() {
        var before = new DeviceApps("a", 0);
        var later = new DeviceApps("a", 0);
        var updated = new DeviceApps("a", 0);
        var app = SharedApp.of(app("com.a", "/a", "A", "1"));
        before.add(app, 1, 2, 3, 4);
        later.add(app, 1, 2, 300, 400);
        updated.add(app, 1, 20, 3, 4);
        assertThat(later.seal().fingerprint()).isEqualTo(before.seal().fingerprint());
        assertThat(updated.seal().fingerprint()).isNotEqualTo(before.fingerprint());
    }

    @Test
    void aMillionRowsOfOneDeviceAreCountedButNotKept() {
        var device = new DeviceApps("a", 0);
        var app = SharedApp.of(app("com.a", "/a", "A", "1"));
        for (int i = 0; i < 1_000_000; i++) {
            device.add(app, i, 2, 3, 4);
        }
        device.seal();
        assertThat(device.overflowed()).isTrue();
        assertThat(device.size()).isEqualTo(DeviceApps.MAX_ROWS);
        assertThat(device.distinctRows()).isEqualTo(1_000_000);
    }
}
