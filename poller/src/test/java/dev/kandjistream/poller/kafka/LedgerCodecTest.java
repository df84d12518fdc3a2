package dev.kandjistream.poller.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.poller.domain.Absence;
import dev.kandjistream.poller.domain.AppsMemory;
import dev.kandjistream.poller.domain.AssignedUser;
import dev.kandjistream.poller.domain.CompleteSweeps;
import dev.kandjistream.poller.domain.DeviceMemory;
import dev.kandjistream.poller.domain.LedgerEntry;
import dev.kandjistream.poller.domain.Moment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
    Arbitrary<Map<String, LedgerEntry>> buckets() {
        var text = Arbitraries.strings().injectNull(0.3);
        var longs = Arbitraries.longs();
        var absence = Combinators.combine(longs, longs, Arbitraries.integers())
                .as(Absence::new)
                .injectNull(0.5);
        var user = Combinators.combine(
                        text, text, text, Arbitraries.of(true, false).injectNull(0.3))
                .as(AssignedUser::new)
                .injectNull(0.3);
        var device = Combinators.combine(longs, longs, user, absence)
                .as(DeviceMemory::new)
                .injectNull(0.3);
        var apps = Combinators.combine(longs, longs.array(long[].class), longs, absence)
                .as(AppsMemory::new)
                .injectNull(0.3);
        var entry = Combinators.combine(device, apps).as(LedgerEntry::new);
        return Arbitraries.maps(Arbitraries.strings(), entry).ofMinSize(1).ofMaxSize(20);
    }

    @Property(tries = 400, seed = "4")
    void aBucketComesBackAsItWas(@ForAll("buckets") Map<String, LedgerEntry> bucket) {
        assertThat(LedgerCodec.bucket(LedgerCodec.bucket(bucket))).isEqualTo(bucket);
    }

    @Property(tries = 400, seed = "4")
    void aCutRecordIsUnreadableNotMisread(@ForAll("buckets") Map<String, LedgerEntry> bucket) {
        byte[] bytes = LedgerCodec.bucket(bucket);
        assertThatThrownBy(() -> LedgerCodec.bucket(Arrays.copyOf(bytes, bytes.length - 1)))
                .isInstanceOf(RuntimeException.class);
    }

    @Test
    void anEmptyBucketIsNoRecord() {
        assertThat(LedgerCodec.bucket(Map.of())).isNull();
    }

    @Test
    void aRecordOfALaterFormIsRefused() {
        assertThatThrownBy(() -> LedgerCodec.bucket(new byte[] {2, 0, 0, 0, 0}))
                .isInstanceOf(LedgerUnreadableException.class)
                .hasMessageContaining("expected a record of form 1, found 2");
        assertThatThrownBy(() -> LedgerCodec.state("{\"version\":2}".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(LedgerUnreadableException.class);
    }

    @Test
    void theStateComesBackAsItWas() {
        var state = Map.of(
                "devices", new CompleteSweeps(true, 1_700_000_000_000L, "id"),
                "apps", new CompleteSweeps(false, Moment.UNKNOWN, null));
        assertThat(LedgerCodec.state(LedgerCodec.state(state))).isEqualTo(state);
    }
}
