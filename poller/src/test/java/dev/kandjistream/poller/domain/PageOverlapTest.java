package dev.kandjistream.poller.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pages of at most five rows; {@code -} is a row without a device id. */
class PageOverlapTest {
    @ParameterizedTest
    @CsvSource({
        // A page that is full, or empty, explains nothing.
        "a b c d e, e f g,''",
        "'', a b c,''",
        // At most as many rows as the page was short of, and only its tail.
        "a b c d, d e f g h,d",
        "a b c d, c d e f g,''",
        "a b c, b c d e f,b c",
        "a b c, a b c d e,''",
        "a b, a b c d e,a b",
        // In the same order, and from the beginning of the next page.
        "a b c, c b d e f,c",
        "a b c, d b c e f,''",
        "a b c, a d e f g,''",
        "a b c, c d a e f,c",
        // Rows without an id are rows.
        "a b -, b - d e f,b",
        "a b -, - c d e f,''",
    })
    void theTailOfAShortPageIsExplained(String first, String second, String explained) {
        var overlap = new PageOverlap(5);
        assertThat(overlap.next(page(first))).isEmpty();
        assertThat(overlap.next(page(second))).isEqualTo(Set.copyOf(page(explained)));
    }

    private static List<String> page(String rows) {
        return Arrays.stream(rows.strip().split(" "))
                .filter(row -> !row.isEmpty())
                .map(row -> row.equals("-") ? null : row)
                .toList();
    }
}
