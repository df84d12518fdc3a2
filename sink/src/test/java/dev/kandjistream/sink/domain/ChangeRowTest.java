package dev.kandjistream.sink.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ChangeRowTest {
    private static final List<Object> ANNA = List.of("acme", "17", "anna@acme.example", "Anna", "ACTIVE", 1, 1);
    private static final List<Object> ANNA_LATER = List.of("acme", "17", "anna@acme.example", "Anna", "ACTIVE", 2, 1);

    @Test
    void stateOfAnEventIsItsAfterAndHistoryRepeatsTheKeyColumns() {
        ChangeRow row = ChangeRow.of(CurrentTable.USERS, "acme/17", event("u", ANNA, ANNA_LATER));

        assertThat(row.state()).isEqualTo(ANNA_LATER);
        assertThat(row.keyValues()).containsExactly("acme", "17");
    }

    @Test
    void endedEntityHasNoStateAndItsKeyColumnsAreThoseOfBefore() {
        ChangeRow row = ChangeRow.of(CurrentTable.USERS, "acme/17", event("d", ANNA, null));

        assertThat(row.state()).isNull();
        assertThat(row.keyValues()).containsExactly("acme", "17");
    }

    @Test
    void nullRecordRemovesAndIsNoEvent() {
        assertThat(ChangeRow.removal(CurrentTable.USERS, "acme/17"))
                .isEqualTo(new ChangeRow(CurrentTable.USERS, "acme/17", null, null));
    }

    @Test
    void eventThatContradictsItselfIsRefusedWithWhatIsWrong() {
        assertThatThrownBy(() -> ChangeRow.of(CurrentTable.USERS, "k", event("x", null, ANNA)))
                .isInstanceOf(BadRecord.class)
                .hasMessage("op must be r, c, u or d, was x");
        assertThatThrownBy(() -> ChangeRow.of(CurrentTable.USERS, "k", event("d", ANNA, ANNA)))
                .isInstanceOf(BadRecord.class)
                .hasMessageContaining("op is d");
        assertThatThrownBy(() -> ChangeRow.of(CurrentTable.USERS, "k", event("u", ANNA, null)))
                .isInstanceOf(BadRecord.class)
                .hasMessageContaining("op is u");
        assertThatThrownBy(() -> ChangeRow.of(CurrentTable.USERS, "k", event("d", null, null)))
                .isInstanceOf(BadRecord.class)
                .hasMessageContaining("neither");
    }

    private static Event event(String op, List<Object> before, List<Object> after) {
        return new Event(
                new UUID(0, 1),
                "user.updated",
                "USER_CHANGED",
                op,
                "sweep",
                null,
                Instant.EPOCH,
                Instant.EPOCH,
                before,
                after);
    }
}
