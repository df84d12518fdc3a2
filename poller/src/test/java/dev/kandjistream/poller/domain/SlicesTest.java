package dev.kandjistream.poller.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.poller.domain.FieldLie.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Losing everything takes an operator, also if it goes in slices, after other rows were added, or under one person's id. */
class SlicesTest extends FieldSweeps {
    private void leave(int from, int to) {
        IntStream.range(from, to).forEach(i -> fleet.truth.remove("device-" + i));
        sweep(id -> Map.of());
        sweep(id -> Map.of());
    }

    /** The slices of an account that another one's list was added to a moment ago. */
    @ParameterizedTest
    @CsvSource({"9, 8", "9, 5", "3, 2", "3, 1", "4, 3"})
    void aSmallAccountDoesNotGoInTwoSlices(int devices, int first) {
        IntStream.range(0, devices).forEach(i -> fleet.enrol(i, i));
        fleet.look(fleet.honest());
        enrol(100, 140);
        sweep(id -> Map.of());
        leave(0, first);
        leave(first, devices);
        assertThat(fleet.published).containsKey("device-" + (devices - 1));
        assertThat(days(4).waiting()).allMatch(item -> item.reason().contains("an operator must approve it"));
        assertThat(fleet.published).containsKey("device-" + (devices - 1));
    }

    @Test
    void norDoItsSeats() {
        IntStream.range(0, 9).forEach(i -> fleet.enrol(i, i));
        fleet.look(fleet.honest());
        enrol(100, 140);
        sweep(id -> Map.of());
        IntStream.range(0, 8).forEach(i -> fleet.enrol(i, null));
        sweep(id -> Map.of());
        sweep(id -> Map.of());
        fleet.enrol(8, null);
        days(4);
        assertThat(userOf("device-8")).isEqualTo("id-8");
    }

    /** New devices that come and go on that day are no loss of what was there before. */
    @Test
    void aPilotOfOneMayEndOnADayOnWhichNewDevicesComeAndGo() {
        fleet.enrol(0, 0);
        fleet.look(fleet.honest());
        enrol(100, 160);
        sweep(id -> Map.of());
        leave(100, 106);
        leave(0, 1);
        assertThat(days(2).waiting()).isEmpty();
        assertThat(fleet.published).doesNotContainKey("device-0");
    }

    @Test
    void norDoTheAppsOfASmallAccount() {
        AppFleet apps = AppFleet.of(9, 4);
        for (int device = 9; device < 49; device++) {
            apps.truth.put("device-" + device, new ArrayList<>(List.of(AppFleet.app(1), AppFleet.app(2))));
        }
        apps.truth.values().forEach(rows -> rows.add(AppFleet.app(99)));
        apps.sweep(AppFleet.NONE);
        replaced(apps, 0, 8);
        replaced(apps, 8, 9);
        assertThat(apps.usages.get("device-8")).contains("com.example.app1");
    }

    private static void replaced(AppFleet apps, int from, int to) {
        for (int device = from; device < to; device++) {
            apps.truth.get("device-" + device).removeIf(app -> !app.equals(AppFleet.app(99)));
        }
        apps.sweep(AppFleet.NONE);
        apps.sweep(AppFleet.NONE);
    }

    /** What an API writes in place of the ids of several people makes them one. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 9})
    void oneIdForSeveralEmailsIsNobodys(int people) {
        forty();
        Map<String, String> before = Map.copyOf(fleet.told());
        for (int i = 0; i < 4; i++) {
            sweep(id -> number(id) < people ? Map.of(Field.USER_ID, FieldLie.other("same")) : Map.of());
        }
        assertThat(fleet.told()).isEqualTo(before);
        days(1);
        assertThat(fleet.told()).isEqualTo(fleet.wanted());
        assertThat(fleet.published).hasSize(40);
    }

    @Test
    void norDoesItBecomeTheirsWithTheirFirstDevices() {
        fleet.enrol(100, 100);
        fleet.look(fleet.honest());
        enrol(0, 5);
        sweep(id -> number(id) < 5 ? Map.of(Field.USER_ID, FieldLie.other("same")) : Map.of());
        assertThat(userOf("device-1")).isNull();
        days(1);
        assertThat(userOf("device-1")).isEqualTo("id-1");
    }

    /** What waits because the user of its row waits is not told as retracted. */
    @Test
    void receiptsCountWhatIsTaken() {
        forty();
        sweepOf("device-2", Map.of(Field.USER, BLANK));
        fleet.order("reject", Set.of("device-2"));
        for (int i = 0; i < 40; i++) {
            fleet.now += HOUR;
            Verdict verdict = sweepOf("device-2", Map.of(Field.PLATFORM, FieldLie.other("iPhone"), Field.USER, BLANK));
            assertThat(verdict.retracted()).isZero();
        }
        assertThat(fleet.published.get("device-2").platform()).isEqualTo("Mac");
    }
}
