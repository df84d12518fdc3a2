package dev.kandjistream.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.simulator.fleet.App;
import dev.kandjistream.simulator.fleet.Device;
import dev.kandjistream.simulator.fleet.Enrolment;
import dev.kandjistream.simulator.fleet.Fleet;
import dev.kandjistream.simulator.fleet.Person;
import dev.kandjistream.simulator.fleet.Platform;
import dev.kandjistream.simulator.truth.Truth;
import dev.kandjistream.simulator.truth.TruthRules;
import dev.kandjistream.simulator.truth.TruthTeller;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Small fleets whose licenses, users and usage are worked out by hand from the contract's words. */
class TruthTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00.123456Z");

    private final StoryClock clock = new StoryClock(START);
    private final Fleet fleet = new Fleet(1, clock, false);

    private Truth truth() {
        return truth(TruthRules.standard());
    }

    private Truth truth(TruthRules rules) {
        return new TruthTeller(fleet, rules, true).tell();
    }

    private Device enrol(Platform platform, String serial, Person person, App... apps) {
        return fleet.enrol(Enrolment.of(platform, serial, serial + "-name")
                .assignedTo(person)
                .with(apps));
    }

    @Test
    void aSeatIsAnAttributedDeviceOfALicenseType() {
        Person dana = fleet.hire("Dana Kim", "Dana@ACME.example");
        Device mac = enrol(Platform.MAC, "C02", dana);
        enrol(Platform.APPLE_TV, "T1", dana);
        enrol(Platform.ANDROID, "A1", dana);
        enrol(Platform.IPAD, "P1", null);

        assertThat(truth().licenses())
                .containsExactly(new Truth.License(
                        mac.id(), "Mac", "C02", "C02-name", dana.id(), "dana@acme.example", "Dana Kim", "ACTIVE"));
        assertThat(truth().users())
                .containsExactly(new Truth.User(dana.id(), "dana@acme.example", "Dana Kim", "ACTIVE", 3, 1));
        assertThat(truth().unattributed())
                .extracting(Truth.Device::serialNumber)
                .containsExactly("P1");
        assertThat(truth(new TruthRules(Set.of(), Set.of("AppleTV"))).licenses())
                .extracting(Truth.License::serialNumber)
                .containsExactly("T1");
    }

    @Test
    void serialNumbersHaveOneForm() {
        Person dana = fleet.hire("Dana Kim", "dana@acme.example");
        enrol(Platform.MAC, " c02ſß-1\t", dana);

        assertThat(truth().licenses()).extracting(Truth.License::serialNumber).containsExactly("C02ſß-1");
        assertThat(truth().devices()).extracting(Truth.Device::serialNumber).containsExactly("C02ſß-1");
    }

    @Test
    void anArchivedUserHoldsTheSeatAndARemovedDeviceIsNoSeat() {
        Person dana = fleet.hire("Dana Kim", "dana@acme.example");
        enrol(Platform.MAC, "C02", dana);
        Device gone = enrol(Platform.MAC, "C03", dana);
        fleet.archive(dana);
        fleet.markRemoved(gone);

        assertThat(truth().licenses()).extracting(Truth.License::userStatus).containsExactly("ARCHIVED");
        assertThat(truth().unattributed()).singleElement().satisfies(device -> {
            assertThat(device.serialNumber()).isEqualTo("C03");
            assertThat(device.userId()).isNull();
            assertThat(device.userArchived()).isNull();
        });
    }

    @Test
    void whoHasNoIdIsKnownByEmailAndWhoHasNeitherIsNobody() {
        Person byEmail = fleet.hireWithoutId("Local", "Local@acme.example");
        Person nobody = fleet.hireWithoutId("Ghost", "");
        enrol(Platform.MAC, "A", byEmail);
        enrol(Platform.MAC, "B", nobody);

        assertThat(truth().users()).extracting(Truth.User::userId).containsExactly("email:local@acme.example");
        assertThat(truth().unattributed())
                .extracting(Truth.Device::serialNumber)
                .containsExactly("B");
    }

    @Test
    void aUserHasAnAppOnceHoweverManyRowsAndDevices() {
        Person dana = fleet.hire("Dana Kim", "dana@acme.example");
        App figma = App.mac("Figma", "com.figma.Desktop", "10");
        Device first = enrol(
                Platform.MAC,
                "A",
                dana,
                figma,
                figma.withPath("/Users/x/Figma.app").withVersion("9"));
        clock.advance(Duration.ofHours(2));
        Device second = enrol(Platform.MAC, "B", dana, figma);

        assertThat(truth().usages()).singleElement().satisfies(usage -> {
            assertThat(usage.appId()).isEqualTo("com.figma.Desktop");
            assertThat(usage.appName()).isEqualTo("Figma");
            assertThat(usage.versions()).containsExactly("10", "9");
            assertThat(usage.deviceCount()).isEqualTo(2);
            assertThat(usage.deviceIds())
                    .containsExactlyElementsOf(
                            List.of(first.id(), second.id()).stream().sorted().toList());
            assertThat(usage.firstSeenAt()).isEqualTo("2026-03-01T12:00:00.123Z");
            assertThat(usage.teamId()).isEqualTo("EX4MPL3T3M");
        });
    }

    @Test
    void suppressedNamesDoNotCountWhateverTheCaseAndBundleIdsDoNotMatter() {
        Person dana = fleet.hire("Dana Kim", "dana@acme.example");
        enrol(
                Platform.MAC,
                "A",
                dana,
                App.mac("Google Chrome Helper (Renderer)", "com.google.Chrome.helper.renderer", "1"),
                App.mac("UPDATER", "com.example.upd", "1"),
                App.mac("GoogleUpdater", "com.google.GoogleUpdater", "1"),
                App.mac("Microsoft AutoUpdate", "com.microsoft.autoupdate2", "1"),
                App.mac("Docker Tray", "com.docker.helper", "1"));

        assertThat(truth().usages())
                .extracting(Truth.Usage::appName)
                .containsExactly("Docker Tray", "Microsoft AutoUpdate");
        assertThat(truth(new TruthRules(Set.of("Chrome"), Set.of("Mac"))).usages())
                .hasSize(4);
    }

    @Test
    void anAppWithoutBundleIdIsKnownByItsFoldedName() {
        Person dana = fleet.hire("Dana Kim", "dana@acme.example");
        enrol(
                Platform.MAC,
                "A",
                dana,
                App.mac(" Ｂａｃｋｕｐ   Tool.app ", "No value", "1"),
                App.mac("Second", "", "1"),
                App.mac("Third", null, "1"),
                App.mac(null, null, "1").withPath("/Applications/Nameless.app"));

        assertThat(truth().usages())
                .extracting(Truth.Usage::appId)
                .containsExactly("name:backup tool", "name:nameless", "name:second", "name:third");
    }

    @Test
    void theShortestPathSpeaksForTheName() {
        Person dana = fleet.hire("Dana Kim", "dana@acme.example");
        App app = App.mac("Longer", "com.example.app", "1");
        enrol(Platform.MAC, "A", dana, app, app.withName("Zed").withPath("/A.app"));

        assertThat(truth().usages()).extracting(Truth.Usage::appName).containsExactly("Zed");
    }

    @Test
    void twentySmallestOfMany() {
        Person kiosk = fleet.hire("Kiosk", "kiosk@acme.example");
        for (int i = 0; i < 25; i++) {
            enrol(Platform.IPAD, "S" + i, kiosk, App.phone("App", "com.example.app", String.format("%02d", i)));
        }

        assertThat(truth().usages()).singleElement().satisfies(usage -> {
            assertThat(usage.deviceCount()).isEqualTo(25);
            assertThat(usage.deviceIds()).hasSize(20).isSorted();
            assertThat(usage.versions()).hasSize(20).startsWith("00").endsWith("19");
        });
    }

    @Test
    void rowsOfADeviceThatIsGoneDoNotCount() {
        Person dana = fleet.hire("Dana Kim", "dana@acme.example");
        Device mac = enrol(Platform.MAC, "A", dana, App.mac("Figma", "com.figma.Desktop", "1"));
        fleet.removeLeavingApps(mac);

        assertThat(truth()).isEqualTo(new Truth(List.of(), List.of(), List.of(), List.of(), List.of()));
    }

    @Test
    void anOlderTenantDoesNotTellTags() {
        try (var simulator = KandjiSimulator.start(Tenant.eu("globex", 1).withAppsPerMac(1))) {
            assertThat(simulator.truth(TruthRules.standard()).devices())
                    .isNotEmpty()
                    .allMatch(device -> device.tags().isEmpty());
        }
    }
}
