package dev.kandjistream.standalone.console;

import dev.kandjistream.progress.SweepProgress;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.OptionalLong;

/** How far a sweep under way has come, and how long it may still take if it goes on as it did. */
final class ProgressText {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);

    private ProgressText() {}

    /** Such as {@code 43 %, 64,000 of 148,865 rows, since 02:11, about 3 min left}. */
    static String of(SweepProgress progress, ZoneId zone) {
        var text = new StringBuilder();
        percent(progress).ifPresent(percent -> text.append(percent).append(" %, "));
        text.append(String.format(Locale.ROOT, "%,d", progress.getRows()));
        if (progress.getClaimedTotal() != null) {
            text.append(String.format(Locale.ROOT, " of %,d", progress.getClaimedTotal()));
        }
        text.append(" rows, since ").append(CLOCK.format(progress.getStartedAt().atZone(zone)));
        secondsLeft(progress).ifPresent(seconds -> text.append(", ").append(left(seconds)));
        return text.toString();
    }

    /** Rounded down, so that 100 is said of all only. */
    static OptionalLong percent(SweepProgress progress) {
        Long total = progress.getClaimedTotal();
        return total == null || total <= 0
                ? OptionalLong.empty()
                : OptionalLong.of(Math.min(100, 100 * progress.getRows() / total));
    }

    static OptionalLong secondsLeft(SweepProgress progress) {
        Long total = progress.getClaimedTotal();
        if (total == null || progress.getRows() <= 0 || progress.getRows() >= total) {
            return OptionalLong.empty();
        }
        double took =
                Duration.between(progress.getStartedAt(), progress.getToldAt()).toMillis() / 1000.0;
        return OptionalLong.of(Math.max(0, Math.round(took * (total - progress.getRows()) / progress.getRows())));
    }

    private static String left(long seconds) {
        long minutes = (seconds + 59) / 60;
        if (minutes <= 1) {
            return "less than a minute left";
        }
        return minutes < 60
                ? "about " + minutes + " min left"
                : "about " + minutes / 60 + " h" + (minutes % 60 == 0 ? "" : " " + minutes % 60 + " min") + " left";
    }
}
