package dev.kandjistream.posture.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.decisions.Decision;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DecisionRecordsTest {
    @Test
    void recordSaysWhatWasAskedWhatWasKnownAndWhatCameOfIt() {
        assertThat(DecisionRecords.of(Made.denied("id-1")))
                .isEqualTo(new Decision(
                        "id-1",
                        Made.NOW,
                        "sign-in",
                        "C02/XK1",
                        "Mac",
                        "ada@acme.com",
                        Map.of("app", "vpn"),
                        "deny",
                        "not-managed",
                        List.of("old-system"),
                        List.of("mdm_enabled"),
                        "view",
                        41_500L,
                        "acme",
                        "d-1",
                        Map.ofEntries(
                                Map.entry("connection", "available"),
                                Map.entry("connection_reason", ""),
                                Map.entry("agent_installed", "true"),
                                Map.entry("platform", "Mac"),
                                Map.entry("os_version", "15.2.1 (a)"),
                                Map.entry("model", "MacBook Air"),
                                Map.entry("is_missing", "false"),
                                Map.entry("checked_in_ago", "60"),
                                Map.entry("attributed", "true"),
                                Map.entry("user_email", "ada@acme.com"),
                                Map.entry("user_archived", "false"),
                                Map.entry("user_matches", "true"),
                                Map.entry("serial_ambiguous", "false"),
                                Map.entry("blueprint", "Standard"),
                                Map.entry("tags", "[\"a \\\"quoted\\\" tag\",\"b\"]"),
                                Map.entry("account", "acme"),
                                Map.entry("data_age", "41")),
                        "9f2c000000000000"));
    }

    @Test
    void whatIsNotKnownIsNullOrLeftOut() {
        assertThat(DecisionRecords.of(Made.unknown("id-2")))
                .isEqualTo(new Decision(
                        "id-2",
                        Made.NOW,
                        "sign-in",
                        "NOBODY",
                        null,
                        null,
                        Map.of(),
                        "deny",
                        null,
                        List.of(),
                        List.of(),
                        "view",
                        null,
                        null,
                        null,
                        Map.of("connection", "unavailable", "connection_reason", "serial_unknown"),
                        "9f2c000000000000"));
    }
}
