package dev.kandjistream.poller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.poller.ProgressBoard.News;
import dev.kandjistream.poller.SweepListener.Reached;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProgressBoardTest {
    private final ProgressBoard board = new ProgressBoard();

    private static Reached rows(long rows) {
        return new Reached(0, rows, OptionalLong.of(1000), rows / 300 + 1);
    }

    private static News told(long rows, boolean over) {
        return new News("acme", Kind.APPS, rows(rows), over);
    }

    @Test
    void aSweepThatIsOverWithinSecondsIsNotToldOf() {
        board.reached("acme", Kind.APPS, rows(300));
        assertThat(board.due(1_999)).isEmpty();
        board.over("acme", Kind.APPS);
        assertThat(board.due(60_000)).isEmpty();
    }

    @Test
    void aLongerOneIsToldStepByStepAndItsEndOnce() {
        board.reached("acme", Kind.APPS, rows(300));
        assertThat(board.due(2_000)).containsExactly(told(300, false));
        board.reached("acme", Kind.APPS, rows(600));
        assertThat(board.due(3_000)).as("at most every two seconds").isEmpty();
        board.reached("acme", Kind.APPS, rows(900));
        assertThat(board.due(4_000)).containsExactly(told(900, false));
        board.over("acme", Kind.APPS);
        assertThat(board.due(4_500)).containsExactly(told(900, true));
        assertThat(board.due(60_000)).isEmpty();
    }

    @Test
    void oneThatStandsStillIsToldToStillRun() {
        board.reached("acme", Kind.APPS, rows(300));
        assertThat(board.due(2_000)).hasSize(1);
        assertThat(board.due(21_999)).isEmpty();
        assertThat(board.due(22_000)).containsExactly(told(300, false));
    }

    @Test
    void oneThatBeginsBeforeTheEndOfTheFormerWasToldTakesItsPlace() {
        board.reached("acme", Kind.APPS, rows(900));
        assertThat(board.due(2_000)).hasSize(1);
        board.over("acme", Kind.APPS);
        var next = new Reached(3_000, 300, OptionalLong.of(1000), 1);
        board.reached("acme", Kind.APPS, next);
        assertThat(board.due(5_000)).containsExactly(new News("acme", Kind.APPS, next, false));
    }

    @Test
    void accountsAndKindsAreToldApart() {
        board.reached("acme", Kind.APPS, rows(300));
        board.reached("acme", Kind.DEVICES, rows(300));
        board.reached("globex", Kind.APPS, rows(300));
        board.over("acme", Kind.DEVICES);
        assertThat(board.due(5_000)).extracting(News::accountId).containsExactly("acme", "globex");
    }
}
