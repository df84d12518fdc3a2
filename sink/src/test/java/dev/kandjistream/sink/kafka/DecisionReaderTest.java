package dev.kandjistream.sink.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.decisions.Decision;
import dev.kandjistream.sink.Records;
import dev.kandjistream.sink.domain.BadRecord;
import dev.kandjistream.sink.domain.DecisionRow;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DecisionReaderTest {
    @Test
    void rowSaysWhatTheRecordSaysAndUnderWhichKeyTheDeviceStands() {
        assertThat(DecisionReader.read(Records.denied("d", "d/1")))
                .isEqualTo(new DecisionRow(
                        UUID.fromString(Records.id("d")),
                        Records.OBSERVED,
                        "sign-in",
                        new DecisionRow.Asked("SN-D/1", "Mac", "ada@acme.example", Map.of("app", "vpn")),
                        new DecisionRow.Known(
                                "view",
                                41_500L,
                                "acme",
                                "d/1",
                                "acme/d%2F1",
                                Map.of(
                                        "connection",
                                        "stale",
                                        "connection_reason",
                                        "data_too_old",
                                        "tags",
                                        "[\"a \\\"b\\\"\"]")),
                        new DecisionRow.Answer(
                                "deny",
                                "not-managed",
                                List.of("old-system"),
                                List.of("mdm_enabled"),
                                "9f2c000000000000")));
    }

    @Test
    void whereThereIsNoDeviceThereIsNoKey() {
        assertThat(DecisionReader.read(Records.unknown("u")).known())
                .isEqualTo(new DecisionRow.Known("live", null, null, null, null, Map.of()));
    }

    @Test
    void decisionWithoutAnIdOrWithoutAnythingIsABadRecord() {
        var nameless = Decision.newBuilder(Records.unknown("u"))
                .setDecisionId("seventeen")
                .build();
        assertThatThrownBy(() -> DecisionReader.read(nameless))
                .isInstanceOf(BadRecord.class)
                .hasMessage("decision_id must be a UUID, was seventeen");
        assertThatThrownBy(() -> DecisionReader.read(null)).isInstanceOf(BadRecord.class);
    }
}
