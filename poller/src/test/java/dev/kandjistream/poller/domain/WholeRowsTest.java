package dev.kandjistream.poller.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.poller.domain.FieldLie.Field;
import dev.kandjistream.poller.domain.FieldLie.Form;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Rows are believed as a whole, and rejections last, whatever the next rows look like. */
class WholeRowsTest extends FieldSweeps {

    private void rejectedOther(Map<Field, FieldLie> lie, Runnable between) {
        forty();
        sweepOf("device-2", lie);
        assertThat(fleet.order("reject", Set.of("device-2")).outcome()).isEqualTo(CommandAnswer.Outcome.APPLIED);
        between.run();
        for (int i = 0; i < 26; i++) {
            fleet.now += HOUR;
            sweepOf("device-2", lie);
        }
        assertThat(fleet.told().get("device-2")).isEqualTo(fleet.wanted().get("device-2"));
    }

    private void empty() {
        fleet.now += HOUR;
        fleet.look(fleet.list());
    }

    /** As a ledger of 0.1.0 is taken over: with neither platform nor serial number. */
    private void upgrade() {
        for (var bucket : fleet.ledger.buckets()) {
            new HashMap<>(bucket).forEach((id, entry) -> {
                DeviceMemory memory = entry.device();
                var former = DeviceMemory.former(memory.details(), memory.attribution(), memory.holder(), List.of());
                fleet.ledger.put(
                        id, new LedgerEntry(former, entry.apps(), new LedgerEntry.Owed(false, false, true, 0)));
            });
        }
    }

    private void noEmails(boolean cut) {
        for (int i = 0; i < 20; i++) {
            fleet.enrol(i, i);
        }
        sweep(id -> Map.of(Field.USER_EMAIL, BLANK));
        sweep(id -> Map.of(Field.USER_EMAIL, BLANK));
        Function<String, Map<Field, FieldLie>> same = id -> Map.of(Field.USER_EMAIL, FieldLie.other("mail-5"));
        if (cut) {
            cutSweep(same);
        } else {
            sweep(same);
        }
        assertThat(fleet.published.values().stream()
                        .filter(row -> "mail-5".equals(row.user().email())))
                .hasSizeLessThan(10);
    }

    @Test
    void rejectedAbsenceThenUnreadableUserThenBlank() {
        forty();
        var d = fleet.truth.remove("device-2");
        sweep(id -> Map.of());
        assertThat(fleet.order("reject", Set.of("device-2")).outcome()).isEqualTo(CommandAnswer.Outcome.APPLIED);
        fleet.truth.put("device-2", d);
        sweepOf("device-2", Map.of(Field.USER, UNREAD));
        sweepsOf(4, "device-2", Map.of(Field.USER, BLANK));
        assertThat(userOf("device-2")).isEqualTo("id-2");
    }

    @Test
    void rejectedUserThenAbsentThenUnreadableThenBlank() {
        forty();
        sweepOf("device-2", Map.of(Field.USER, BLANK));
        fleet.order("reject", Set.of("device-2"));
        var d = fleet.truth.remove("device-2");
        sweep(id -> Map.of());
        fleet.truth.put("device-2", d);
        sweepOf("device-2", Map.of(Field.USER, UNREAD));
        sweepsOf(4, "device-2", Map.of(Field.USER, BLANK));
        assertThat(userOf("device-2")).isEqualTo("id-2");
    }

    @Test
    void rejectedRemovalThenUnreadableUserThenRemoved() {
        forty();
        var removed = Map.of(Field.REMOVED, FieldLie.other("true"));
        sweepOf("device-2", removed);
        fleet.order("reject", Set.of("device-2"));
        sweepOf("device-2", Map.of(Field.USER, UNREAD));
        sweepsOf(4, "device-2", removed);
        assertThat(userOf("device-2")).isEqualTo("id-2");
        assertThat(fleet.published.get("device-2").removed()).isFalse();
    }

    @Test
    void rejectedUserThenRemovedFlagMissing() {
        forty();
        var removed = Map.of(Field.REMOVED, FieldLie.other("true"));
        sweepOf("device-2", removed);
        fleet.order("reject", Set.of("device-2"));
        sweepOf("device-2", Map.of(Field.REMOVED, MISSING));
        sweepsOf(4, "device-2", removed);
        assertThat(userOf("device-2")).isEqualTo("id-2");
    }

    @Test
    void rejectedPlatformThenEmptyList() {
        rejectedOther(Map.of(Field.PLATFORM, FieldLie.other("Windows")), this::empty);
    }

    @Test
    void rejectedSerialThenEmptyList() {
        rejectedOther(Map.of(Field.SERIAL, FieldLie.other("SER3")), this::empty);
    }

    @Test
    void rejectedPlatformThenMissingThenOther() {
        rejectedOther(
                Map.of(Field.PLATFORM, FieldLie.other("Windows")),
                () -> sweepOf("device-2", Map.of(Field.PLATFORM, MISSING)));
    }

    @Test
    void rejectedPlatformThenRowUnread() {
        rejectedOther(Map.of(Field.PLATFORM, FieldLie.other("Windows")), () -> {
            fleet.now += HOUR / 12;
            var list = fleet.list();
            fleet.truth.keySet().forEach(id -> {
                if (!id.equals("device-2")) fleet.add(id, Map.of(), list);
            });
            list.unread("device-2", "too large");
            fleet.look(list);
        });
    }

    @Test
    void deviceWithoutSerialGetsOtherHardwaresRow() {
        enrol(0, 40);
        fleet.truth.put("device-2", new FieldFleet.Truth(2, "Mac", null, false));
        fleet.look(fleet.honest());
        sweepsOf(5, "device-2", Map.of(Field.SERIAL, FieldLie.other("SER4"), Field.USER, FieldLie.other("4")));
        assertThat(userOf("device-2")).isEqualTo("id-2");
    }

    @Test
    void deviceWithoutSerialGetsOtherHardwaresRowWithoutUser() {
        enrol(0, 40);
        fleet.truth.put("device-2", new FieldFleet.Truth(2, "Mac", null, false));
        fleet.look(fleet.honest());
        sweepsOf(5, "device-2", Map.of(Field.SERIAL, FieldLie.other("SER9"), Field.USER, BLANK));
        assertThat(userOf("device-2")).isEqualTo("id-2");
    }

    @Test
    void spareWithoutSerialGetsOtherHardwaresUser() {
        enrol(0, 40);
        fleet.truth.put("device-9", new FieldFleet.Truth(null, "Mac", null, false));
        fleet.look(fleet.honest());
        sweepsOf(3, "device-9", Map.of(Field.SERIAL, FieldLie.other("SER4"), Field.USER, FieldLie.other("4")));
        assertThat(userOf("device-9")).isNull();
    }

    @Test
    void spareGetsUserFromARowWithoutSerial() {
        forty();
        for (int i = 0; i < 3; i++) {
            sweepOf(
                    "device-9",
                    Map.of(Field.SERIAL, MISSING, Field.PLATFORM, MISSING, Field.USER, FieldLie.other("4")));
        }
        assertThat(userOf("device-9")).isNull();
    }

    @Test
    void spareIsMarkedRemovedByOtherHardwaresRow() {
        forty();
        sweepsOf(3, "device-9", Map.of(Field.SERIAL, FieldLie.other("SER4"), Field.REMOVED, FieldLie.other("true")));
        assertThat(fleet.published.get("device-9").removed()).isFalse();
    }

    @Test
    void removedDeviceIsInUseAgainByOtherHardwaresRow() {
        enrol(0, 40);
        fleet.truth.put("device-2", new FieldFleet.Truth(2, "Mac", "SER2", true));
        fleet.look(fleet.honest());
        for (int i = 0; i < 3; i++) {
            sweepOf(
                    "device-2",
                    Map.of(
                            Field.SERIAL,
                            FieldLie.other("SER4"),
                            Field.REMOVED,
                            FieldLie.other("false"),
                            Field.USER,
                            FieldLie.other("4")));
        }
        assertThat(fleet.published.get("device-2").removed()).isTrue();
    }

    @Test
    void removedDeviceHasASeatAgainByBlankRow() {
        enrol(0, 40);
        fleet.truth.put("device-2", new FieldFleet.Truth(2, "Mac", "SER2", true));
        fleet.look(fleet.honest());
        for (int i = 0; i < 3; i++) {
            sweepOf(
                    "device-2",
                    Map.of(
                            Field.SERIAL,
                            MISSING,
                            Field.PLATFORM,
                            MISSING,
                            Field.REMOVED,
                            FieldLie.other("false"),
                            Field.USER,
                            FieldLie.other("4")));
        }
        assertThat(fleet.published.get("device-2").attributed()).isFalse();
    }

    @Test
    void wholeFleetShiftedByOneRowNeverHalf() {
        for (int i = 0; i < 40; i++) {
            fleet.truth.put("device-" + i, new FieldFleet.Truth(i, "Mac", "SER" + i, false));
        }
        fleet.look(fleet.honest());
        for (int k = 0; k < 40; k++) {
            fleet.now += HOUR;
            sweep(id -> {
                int next = (number(id) + 1) % 40;
                return Map.of(Field.SERIAL, FieldLie.other("SER" + next), Field.USER, FieldLie.other("" + next));
            });
        }
        fleet.told().forEach((id, row) -> {
            String n = id.substring(7);
            assertThat(row.contains("id-" + n + " ")).as(id + " " + row).isEqualTo(row.contains("SER" + n + " "));
        });
    }

    @Test
    void allToOnePersonAndRemovedFlagMissingSparesGoAtOnce() {
        forty();
        for (int i = 0; i < 4; i++) {
            sweep(id -> Map.of(Field.USER, FieldLie.other("5"), Field.REMOVED, MISSING));
        }
        assertThat(userOf("device-9")).isNull();
    }

    @Test
    void allToOnePersonAndSpareRowsWithStrangePlatform() {
        forty();
        for (int i = 0; i < 4; i++) {
            sweep(id -> id.equals("device-9")
                    ? Map.of(Field.USER, FieldLie.other("5"), Field.PLATFORM, FieldLie.of(Form.STRANGE))
                    : Map.of(Field.USER, FieldLie.other("5")));
        }
        assertThat(userOf("device-9")).isNull();
    }

    @Test
    void spareGoesToThePersonWhoGetsAllIfItsSerialIsMissingToo() {
        forty();
        for (int i = 0; i < 4; i++) {
            sweep(id -> Map.of(Field.USER, FieldLie.other("5"), Field.SERIAL, MISSING));
        }
        assertThat(userOf("device-9")).isNull();
    }

    @Test
    void upgradedThenPlatformMissingFromEveryRow() {
        forty();
        upgrade();
        Verdict verdict = sweep(id -> Map.of(Field.PLATFORM, MISSING));
        assertThat(fleet.published.get("device-1").platform()).isEqualTo("Mac");
    }

    @Test
    void upgradedThenOneBlankRow() {
        forty();
        upgrade();
        for (int i = 0; i < 3; i++) {
            sweepOf(
                    "device-1",
                    Map.of(Field.PLATFORM, BLANK, Field.SERIAL, BLANK, Field.USER, BLANK, Field.REMOVED, BLANK));
        }
        assertThat(userOf("device-1")).isEqualTo("id-1");
    }

    @Test
    void oneAddressForAllWhoHadNone() {
        noEmails(false);
    }

    @Test
    void oneAddressForAllWhoHadNoneIncomplete() {
        noEmails(true);
    }

    @Test
    void addressLostThenAnothersWithoutEvidence() {
        forty();
        sweepsOf(3, "device-2", Map.of(Field.USER_EMAIL, BLANK));
        cutSweep(id -> id.equals("device-2") ? Map.of(Field.USER_EMAIL, FieldLie.other("mail-5")) : Map.of());
        assertThat(fleet.published.get("device-2").user().email()).isNotEqualTo("mail-5");
    }

    @Test
    void rejectedAbsenceThenIncompleteUnreadable() {
        forty();
        var d = fleet.truth.remove("device-2");
        sweep(id -> Map.of());
        fleet.order("reject", Set.of("device-2"));
        fleet.truth.put("device-2", d);
        cutSweep(id -> id.equals("device-2") ? Map.of(Field.USER, UNREAD) : Map.of());
        fleet.truth.remove("device-2");
        for (int i = 0; i < 3; i++) {
            sweep(id -> Map.of());
        }
        assertThat(fleet.published).containsKey("device-2");
    }

    @Test
    void rejectedAbsenceThenOthersSerialWithSameUser() {
        forty();
        var d = fleet.truth.remove("device-2");
        sweep(id -> Map.of());
        fleet.order("reject", Set.of("device-2"));
        fleet.truth.put("device-2", d);
        sweepOf("device-2", Map.of(Field.USER_ID, UNREAD, Field.USER_EMAIL, UNREAD));
        sweepsOf(3, "device-2", Map.of(Field.USER, FieldLie.other("300")));
        assertThat(userOf("device-2")).isEqualTo("id-2");
    }

    @Test
    void rejectedRemovalFlagThenEmptyListThenStatedAgain() {
        forty();
        sweepOf("device-2", Map.of(Field.PLATFORM, FieldLie.other("Windows"), Field.USER, FieldLie.other("300")));
        fleet.order("reject", Set.of("device-2"));
        var d = fleet.truth.remove("device-2");
        sweep(id -> Map.of());
        fleet.truth.put("device-2", d);
        for (int i = 0; i < 40; i++) {
            fleet.now += HOUR;
            sweepOf("device-2", Map.of(Field.PLATFORM, FieldLie.other("Windows")));
        }
        assertThat(fleet.published.get("device-2").platform()).isEqualTo(d.platform());
    }

    @Test
    void rejectThenTrulyChangesThenApprove() {
        forty();
        sweepOf("device-2", Map.of(Field.USER, BLANK));
        fleet.order("reject", Set.of("device-2"));
        sweepOf("device-2", Map.of(Field.USER, UNREAD));
        fleet.enrol(2, 300);
        for (int i = 0; i < 5; i++) {
            sweep(id -> Map.of());
        }
        assertThat(userOf("device-2")).isEqualTo("id-2");
        fleet.order("approve", Set.of("device-2"));
        sweep(id -> Map.of());
        assertThat(fleet.told()).isEqualTo(fleet.wanted());
    }
}
