package dev.kandjistream.poller.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.kandji.domain.AssignedUser;
import dev.kandjistream.kandji.domain.Moment;
import dev.kandjistream.poller.domain.Absence;
import dev.kandjistream.poller.domain.AppsMemory;
import dev.kandjistream.poller.domain.CommandAnswer;
import dev.kandjistream.poller.domain.CommandsRead;
import dev.kandjistream.poller.domain.CompleteSweeps;
import dev.kandjistream.poller.domain.Destination;
import dev.kandjistream.poller.domain.DeviceMemory;
import dev.kandjistream.poller.domain.Filled;
import dev.kandjistream.poller.domain.LedgerEntry;
import dev.kandjistream.poller.domain.Order;
import dev.kandjistream.poller.domain.RecentlyAdded;
import dev.kandjistream.poller.domain.Retractions;
import dev.kandjistream.poller.domain.WatchedTime;
import dev.kandjistream.poller.domain.Withheld.What;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class LedgerCodecTest {
    @Provide
    Arbitrary<LedgerEntry> entries() {
        var text = Arbitraries.strings().injectNull(0.3);
        var longs = Arbitraries.longs();
        var order = Arbitraries.of(Order.values()).injectNull(0.5);
        var ints = Arbitraries.integers();
        var ofDevice = Combinators.combine(Arbitraries.of(What.values()), longs, longs, longs, ints, longs, ints, order)
                .as((what, picture, since, stood, gaps, shownAt, sweeps, decided) ->
                        new Absence(what, picture, since, stood, gaps, shownAt, sweeps, decided, since ^ 5));
        var absence = Combinators.combine(longs, longs, longs, ints, longs, ints, order)
                .as((picture, since, stood, gaps, shownAt, sweeps, decided) ->
                        new Absence(What.APPS, picture, since, stood, gaps, shownAt, sweeps, decided))
                .injectNull(0.5);
        var trit = Arbitraries.of(true, false).injectNull(0.3);
        var user = Combinators.combine(
                        text, text, text, Arbitraries.of(true, false).injectNull(0.3))
                .as(AssignedUser::new)
                .injectNull(0.3);
        var device = Combinators.combine(
                        longs, longs, user, text, text, trit, ofDevice.list().ofMaxSize(4), longs)
                .as((details, attribution, holder, platform, serial, removed, absences, unconfirmed) ->
                        new DeviceMemory(
                                details,
                                details ^ 9,
                                attribution,
                                holder,
                                platform,
                                serial,
                                removed,
                                absences,
                                unconfirmed,
                                (unconfirmed & 1) == 0,
                                details ^ 3,
                                attribution ^ 7))
                .injectNull(0.3);
        var apps = Combinators.combine(longs, longs.array(long[].class), longs, Arbitraries.of(true, false), absence)
                .as(AppsMemory::new)
                .injectNull(0.3);
        var bools = Arbitraries.of(true, false);
        var owed = Combinators.combine(
                        bools, bools, bools, Arbitraries.integers().between(0, 1000))
                .as(LedgerEntry.Owed::new);
        return Combinators.combine(device, apps, owed).as(LedgerEntry::new);
    }

    @Property(tries = 2000, seed = "4")
    void anEntryComesBackAsItWas(@ForAll("entries") LedgerEntry entry) {
        LedgerEntry read = LedgerCodec.entry(LedgerCodec.entry(entry));
        if (entry.apps() != null) {
            long[] rows = entry.apps().rows();
            assertThat(read.apps().rows()).isEqualTo(new long[rows.length]);
            read = read.with(LedgerCodec.rows(LedgerCodec.rows(rows, 0, rows.length)));
        }
        assertThat(read).isEqualTo(entry);
    }

    @Property(tries = 2000, seed = "4")
    void aCutRecordIsUnreadableNotMisread(@ForAll("entries") LedgerEntry entry) {
        byte[] bytes = LedgerCodec.entry(entry);
        assertThatThrownBy(() -> LedgerCodec.entry(Arrays.copyOf(bytes, bytes.length - 1)))
                .isInstanceOf(RuntimeException.class);
        byte[] rows = LedgerCodec.rows(new long[] {1, 2}, 0, 2);
        for (int bytesLost = 1; bytesLost < 8; bytesLost++) {
            byte[] cut = Arrays.copyOf(rows, rows.length - bytesLost);
            assertThatThrownBy(() -> LedgerCodec.rows(cut)).isInstanceOf(LedgerUnreadableException.class);
        }
    }

    /** As the first version wrote it: still to be read, for such records lie in topics. */
    private static final String FORM_1 =
            "0100000003000000046170707308000000000000000d000000000000000e000000000000000462617265010000"
                    + "00000000000b000000000000000c00000004626f74681f00000000000000010000000000000002000000013700"
                    + "00000d61406578616d706c652e6f7267ffffffff0000000000000000030000018bcfe568000000000400000000"
                    + "00000005800000000000000000000002fffffffffffffffa000000000000000700000000000000080000000000"
                    + "0000090000000a";

    private static Map<String, LedgerEntry> pinned() {
        var user = new AssignedUser("7", "a@example.org", null, false);
        var removed = new Absence(What.REMOVED, 3, 1_700_000_000_000L, 0, 0, 1_700_000_000_000L, 4, null);
        var device = DeviceMemory.former(1, 2, user, List.of(removed));
        var bare = DeviceMemory.former(11, 12, null, List.of());
        var gone = new Absence(What.APPS, 8, 9, 0, 0, 9, 10, null);
        var rows = new AppsMemory(5, new long[] {-6, 7}, Moment.UNKNOWN, true, gone);
        // The serial number that a former form does not have is no news when the next row has one.
        var owed = new LedgerEntry.Owed(false, false, true, 0);
        return Map.of(
                "both", new LedgerEntry(device, rows, owed),
                "bare", new LedgerEntry(bare, null, owed),
                "apps", new LedgerEntry(null, new AppsMemory(13, new long[0], 14, true, null)));
    }

    @Test
    void aBucketOfTheFirstFormIsRead() {
        assertThat(FormerBuckets.bucket(HexFormat.of().parseHex(FORM_1))).isEqualTo(pinned());
    }

    @Test
    void aRecordOfALaterFormIsRefused() {
        assertThatThrownBy(() -> LedgerCodec.entry(new byte[] {4, 0, 0, 0, 0}))
                .isInstanceOf(LedgerUnreadableException.class)
                .hasMessageContaining("expected a record of form 3, found 4: a newer version");
        assertThatThrownBy(() -> LedgerCodec.rows(new byte[] {4})).isInstanceOf(LedgerUnreadableException.class);
        assertThatThrownBy(() -> FormerBuckets.bucket(new byte[] {3, 0, 0, 0, 0}))
                .isInstanceOf(LedgerUnreadableException.class)
                .hasMessageContaining("expected a record of form 1 to 2, found 3: a newer version");
        assertThatThrownBy(() -> LedgerState.state("{\"version\":2}".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(LedgerUnreadableException.class);
    }

    @Test
    void aStateFromBeforeThereWereCommandsAndTenantsIsRead() {
        String before = "{\"version\":1,\"complete\":{\"apps\":{\"baseline\":false},\"devices\":"
                + "{\"baseline\":true,\"last_at\":1700000000000,\"last_sweep_id\":\"id\"}}}";
        assertThat(LedgerState.commands(before.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(CommandsRead.NONE);
        assertThat(LedgerState.tenant(before.getBytes(StandardCharsets.UTF_8))).isNull();
        assertThat(LedgerState.state(before.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(Map.of(
                        "devices", new CompleteSweeps(true, 1_700_000_000_000L, "id"),
                        "apps", new CompleteSweeps(false, Moment.UNKNOWN, null)));
    }

    @Test
    void commandsOfAStateThatRemembersNoTopicAreRead() {
        String before = "{\"version\":1,\"complete\":{},\"commands\":{\"up_to\":5,\"owed\":[]}}";
        assertThat(LedgerState.commands(before.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new CommandsRead(null, 5, List.of()));
    }

    @Test
    void theStateComesBackAsItWas() {
        var state = Map.of(
                "devices", new CompleteSweeps(true, 1_700_000_000_000L, "id", 5, 6, new WatchedTime(7, 8)),
                "apps", new CompleteSweeps(false, Moment.UNKNOWN, null));
        var commands = new CommandsRead(
                "id-4", 12, List.of(new CommandAnswer("id", "approve", CommandAnswer.Outcome.APPLIED, 3)));
        var filled = Map.of("devices", new Filled(9, Map.of("model", 8L)));
        var retractions = Map.of("devices", new Retractions(List.of(new Retractions.Taken(7, 2, 1))));
        var added = Map.of("apps", new RecentlyAdded(List.of(new RecentlyAdded.Before(8, 3, 4))));
        var destination = new Destination(
                "cluster",
                new Destination.Log("raw.devices", "id-1", 2, List.of(3L, 0L), List.of(5L, 1L)),
                new Destination.Log("raw.apps", "id-2", 12),
                new Destination.Log("unconfirmed", "id-3", 6));
        byte[] bytes = LedgerState.state(
                state, filled, retractions, added, Map.of("devices", 1L), commands, "acme/us", destination);
        assertThat(LedgerState.state(bytes)).isEqualTo(state);
        assertThat(LedgerState.filled(bytes)).isEqualTo(filled);
        assertThat(LedgerState.retractions(bytes)).isEqualTo(retractions);
        assertThat(LedgerState.recentlyAdded(bytes)).isEqualTo(added);
        assertThat(LedgerState.recoveries(bytes)).isEqualTo(Map.of("devices", 1L));
        assertThat(LedgerState.commands(bytes)).isEqualTo(commands);
        assertThat(LedgerState.tenant(bytes)).isEqualTo("acme/us");
        assertThat(LedgerState.destination(bytes)).isEqualTo(destination);
    }

    @Test
    void aStateWithoutCommandsAndTenantIsWrittenAsEver() {
        assertThat(new String(
                        LedgerState.state(
                                Map.of("apps", new CompleteSweeps(true, 5, "id")),
                                Map.of(),
                                Map.of(),
                                Map.of(),
                                Map.of(),
                                CommandsRead.NONE,
                                null,
                                null),
                        StandardCharsets.UTF_8))
                .isEqualTo("{\"version\":1,\"complete\":{\"apps\":"
                        + "{\"baseline\":true,\"last_at\":5,\"last_sweep_id\":\"id\"}}}");
    }
}
