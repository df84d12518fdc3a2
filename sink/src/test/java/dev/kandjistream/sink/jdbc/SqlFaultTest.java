package dev.kandjistream.sink.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** States from the appendix "Error Codes" of PostgreSQL's documentation. */
class SqlFaultTest {
    @Test
    void rowsAreToBlameForDataConstraintsAndLimits() {
        for (String state : List.of("22021", "22P05", "22008", "23502", "23505", "21000", "54000")) {
            assertThat(SqlFault.isAboutData(new SQLException("x", state)))
                    .as(state)
                    .isTrue();
        }
    }

    @Test
    void rowsAreNotToBlameForTheStateOfTheDatabase() {
        for (String state : List.of("08006", "57P01", "53100", "40P01", "40001", "42501", "42P01", "25006", "28P01")) {
            assertThat(SqlFault.isAboutData(new SQLException("x", state)))
                    .as(state)
                    .isFalse();
        }
        assertThat(SqlFault.isAboutData(new SQLException("without a state"))).isFalse();
    }
}
