package dev.kandjistream.poller.http;

import dev.kandjistream.kandji.http.Json;
import dev.kandjistream.kandji.http.KandjiClient;
import dev.kandjistream.poller.domain.AppsSweep;
import java.time.Instant;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Asks {@code GET /prism/apps} for the rows of devices that reported lately. An inventory moves {@code last_collected_at} of all
 * rows of its device (inferred from recordings), so that the answer holds whole lists, and a list that lost an app can be told.
 * Where the API does not heed that column, {@code updated_at} is tried: the rows that were written. Both names are
 * documented, what they mean is not; so every row is looked at before a page is believed. Keeps in mind which column it was;
 * for one thread.
 */
public final class ChangedApps {
    private Column column = Column.LAST_COLLECTED_AT;

    private enum Column {
        LAST_COLLECTED_AT("last_collected_at") {
            @Override
            Predicate<AppPage> since(long moment) {
                return page -> page.collectedSince(moment);
            }
        },
        UPDATED_AT("updated_at") {
            @Override
            Predicate<AppPage> since(long moment) {
                return page -> page.updatedSince(moment);
            }
        };

        private final String word;

        Column(String word) {
            this.word = word;
        }

        abstract Predicate<AppPage> since(long moment);

        Column other() {
            return this == LAST_COLLECTED_AT ? UPDATED_AT : LAST_COLLECTED_AT;
        }
    }

    /**
     * What changed, by the column that was heeded last time, else by the other.
     *
     * @param since milliseconds since 1970, by the API's clock
     * @return a partial sweep
     * @throws InterruptedException when it was cancelled
     */
    public Reading<AppsSweep> read(KandjiClient client, long since) throws InterruptedException {
        Reading<AppsSweep> first = read(client, since, column);
        if (!isUnheeded(first)) {
            return first;
        }
        Reading<AppsSweep> second = read(client, since, column.other());
        if (isUnheeded(second)) {
            return new Reading<>(first.sweep(), first.pages() + second.pages(), first.failure());
        }
        column = column.other();
        return new Reading<>(second.sweep(), first.pages() + second.pages(), second.failure());
    }

    private static Reading<AppsSweep> read(KandjiClient client, long since, Column column) throws InterruptedException {
        var filter = Json.MAPPER.createObjectNode();
        filter.putObject(column.word).put("gte", Instant.ofEpochMilli(since).toString());
        return AppsWalk.ofSome(client, Map.of("filter", filter.toString()), column.since(since))
                .read();
    }

    /** Refused as a bad request, or answered with the first page of something else. */
    private static boolean isUnheeded(Reading<AppsSweep> reading) {
        boolean refused = reading.failure()
                .flatMap(failure -> failure.status().stream().boxed().findFirst())
                .filter(status -> status == 400)
                .isPresent();
        boolean unread = reading.pages() == 1 && reading.sweep().walk().rows() == 0;
        return refused
                || unread && reading.failure().isEmpty() && !reading.sweep().isSound();
    }
}
