package dev.kandjistream.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.simulator.fleet.App;
import dev.kandjistream.simulator.fleet.AppRow;
import dev.kandjistream.simulator.fleet.Device;
import dev.kandjistream.simulator.fleet.Enrolment;
import dev.kandjistream.simulator.fleet.Fleet;
import dev.kandjistream.simulator.fleet.Micros;
import dev.kandjistream.simulator.fleet.Person;
import dev.kandjistream.simulator.fleet.Platform;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What each change does to the time columns, ids and rows. */
class FleetTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final App FIGMA = App.mac("Figma", "com.figma.Desktop", "1");
    private static final App HELPER = App.mac("Figma Helper", "com.figma.Desktop.helper", "1")
            .withPath("/Applications/Figma.app/Contents/Frameworks/Figma Helper.app");
    private static final App SLACK = App.mac("Slack", "com.tinyspeck.slackmacgap", "4");

    private final StoryClock clock = new StoryClock(START);
    private final Fleet fleet = new Fleet(1, clock, false);
    private Person dana;
    private Device mac;

    @BeforeEach
    void enrol() {
        dana = fleet.hire("Dana Kim", "dana@acme.example");
        mac = fleet.enrol(
                Enrolment.of(Platform.MAC, "C02", "Mac").assignedTo(dana).with(FIGMA, HELPER, SLACK));
        clock.advance(Duration.ofHours(1));
    }

    private AppRow row(String name) {
        return mac.rows().stream()
                .filter(row -> row.app().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Instant at(long micros) {
        return Micros.toInstant(micros);
    }

    @Test
    void aNewRowHasNeverChanged() {
        assertThat(at(row("Figma").createdAt())).isEqualTo(START);
        assertThat(at(row("Figma").updatedAt())).isEqualTo(START);
        assertThat(row("Figma").changedAt()).isEqualTo(Micros.NEVER);
        assertThat(at(mac.lastCollectedAt())).isEqualTo(START);
    }

    @Test
    void anInventoryMovesCollectedAloneOnRowsThatDidNotChange() {
        fleet.collect(mac);

        assertThat(at(mac.lastCollectedAt())).isEqualTo(START.plus(Duration.ofHours(1)));
        assertThat(at(row("Slack").updatedAt())).isEqualTo(START);
        assertThat(row("Slack").changedAt()).isEqualTo(Micros.NEVER);
    }

    @Test
    void anUpdateChangesTheAppAndWhatLiesInItsBundle() {
        fleet.update(mac, FIGMA, "2");

        assertThat(row("Figma").app().version()).isEqualTo("2");
        assertThat(row("Figma Helper").app().version()).isEqualTo("2");
        assertThat(row("Slack").app().version()).isEqualTo("4");
        assertThat(at(row("Figma").changedAt())).isEqualTo(START.plus(Duration.ofHours(1)));
        assertThat(at(row("Figma").updatedAt())).isEqualTo(START.plus(Duration.ofHours(1)));
        assertThat(at(row("Figma").createdAt())).isEqualTo(START);
        assertThat(at(mac.lastCollectedAt())).isEqualTo(START.plus(Duration.ofHours(1)));
    }

    @Test
    void uninstallingTakesWhatLiesInTheBundleButNoCopyElsewhere() {
        App copy = FIGMA.withPath("/Users/Shared/Figma.app");
        fleet.install(mac, copy);

        fleet.uninstall(mac, FIGMA);

        assertThat(mac.rows()).extracting(AppRow::app).containsExactly(SLACK, copy);
        assertThat(fleet.rows()).containsExactlyElementsOf(mac.rows());
    }

    @Test
    void whatIsNotThereCannotChange() {
        assertThatThrownBy(() -> fleet.uninstall(mac, FIGMA.withVersion("9")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(mac.id());
        fleet.remove(mac);
        assertThatThrownBy(() -> fleet.collect(mac)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aNewEnrolmentOfTheSameHardwareHasANewIdAndNewRows() {
        Device anew = fleet.reenrol(mac);

        assertThat(anew.id()).isNotEqualTo(mac.id());
        assertThat(anew.hardware()).isEqualTo(mac.hardware());
        assertThat(anew.person()).isEqualTo(dana);
        assertThat(fleet.device(mac.id())).isEmpty();
        assertThat(anew.rows()).extracting(AppRow::app).containsExactly(FIGMA, HELPER, SLACK);
        assertThat(at(anew.rows().get(0).createdAt())).isEqualTo(START.plus(Duration.ofHours(1)));
    }

    @Test
    void aPersonsChangeReachesAllTheirDevices() {
        Device phone = fleet.enrol(Enrolment.of(Platform.IPHONE, "F1", "Phone").assignedTo(dana));

        fleet.renameEmail(dana, "dana.kim@acme.example");
        fleet.rename(dana, "Dana Kim-Berg");
        fleet.archive(dana);

        assertThat(mac.person()).isEqualTo(phone.person()).isEqualTo(fleet.person(dana.key()));
        assertThat(mac.person().email()).isEqualTo("dana.kim@acme.example");
        assertThat(mac.person().name()).isEqualTo("Dana Kim-Berg");
        assertThat(mac.person().archived()).isTrue();
    }

    @Test
    void assigningByAnOldRecordGivesThePersonAsTheyAreNow() {
        Device phone = fleet.enrol(Enrolment.of(Platform.IPHONE, "F1", "Phone"));
        fleet.archive(dana);

        fleet.assign(phone, dana);

        assertThat(phone.person().archived()).isTrue();
        fleet.unassign(phone);
        assertThat(phone.person()).isNull();
    }
}
