package dev.kandjistream.sink.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.sink.Records;
import dev.kandjistream.sink.domain.BadRecord;
import dev.kandjistream.sink.domain.ChangeRow;
import dev.kandjistream.sink.domain.CurrentTable;
import dev.kandjistream.sink.domain.Event;
import dev.kandjistream.sweeps.RawEndOffset;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EnvelopeReaderTest {
    @Test
    void envelopeBecomesAnEventWithTheValuesOfItsColumns() {
        var reader = new EnvelopeReader(CurrentTable.USAGE, dev.kandjistream.usage.Envelope.SCHEMA$);
        var envelope = Records.usageEvent("e1", "started", "c", null, Records.usage("u1", "com.figma", "9.1"));

        ChangeRow row = reader.read("acme/u1/com.figma", envelope);

        List<Object> after = Arrays.asList(
                "acme",
                "u1",
                "com.figma",
                "u1@acme.example",
                "App com.figma",
                "com.figma",
                null,
                null,
                null,
                null,
                List.of("9.1"),
                1,
                List.of("device-of-u1"),
                Instant.parse("2025-12-24T08:00:00Z"),
                null);
        assertThat(row)
                .isEqualTo(new ChangeRow(
                        CurrentTable.USAGE,
                        "acme/u1/com.figma",
                        after,
                        new Event(
                                UUID.fromString(Records.id("e1")),
                                "usage.started",
                                "APP_INSTALLED",
                                "c",
                                "sweep-1",
                                null,
                                Instant.parse("2026-03-01T10:00:00.250Z"),
                                Instant.parse("2026-03-01T10:00:01.500Z"),
                                null,
                                after)));
    }

    @Test
    void eventIdThatIsNoUuidMakesABadRecord() {
        var reader = new EnvelopeReader(CurrentTable.USERS, dev.kandjistream.users.Envelope.SCHEMA$);
        var envelope = dev.kandjistream.users.Envelope.newBuilder(
                        Records.userEvent("e", "discovered", "c", null, Records.user("u1", 1)))
                .setEventId("seventeen")
                .build();

        assertThatThrownBy(() -> reader.read("acme/u1", envelope))
                .isInstanceOf(BadRecord.class)
                .hasMessage("event_id must be a UUID, was seventeen");
    }

    @Test
    void receiptKeepsTheFurthestEndOfEachPartition() {
        var receipt = Records.receipt(
                "apps",
                "s1",
                Instant.parse("2026-03-01T10:00:00Z"),
                List.of(
                        new RawEndOffset("raw", 1, 7L),
                        new RawEndOffset("raw", 1, 9L),
                        new RawEndOffset("raw", 10, 2L)));

        var read = ReceiptReader.read("acme/apps", receipt);

        assertThat(read.rawEndOffsets()).isEqualTo(Map.of("raw/1", 9L, "raw/10", 2L));
        assertThat(read.counts().claimedTotal()).isEqualTo(1000L);
        assertThat(read.quota().spent()).isEqualTo(17L);
    }
}
