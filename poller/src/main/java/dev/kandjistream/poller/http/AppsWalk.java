package dev.kandjistream.poller.http;

import dev.kandjistream.kandji.domain.Fingerprint;
import dev.kandjistream.kandji.http.ApiException;
import dev.kandjistream.kandji.http.KandjiClient;
import dev.kandjistream.poller.domain.AppsSweep;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Walks {@code GET /prism/apps} by cursor, from an empty one to the page that names none. One walk over all families:
 * nobody knows all their names, and only the unfiltered total can be compared. Where the cursor ends on a full page the
 * walk goes on by offset, as the recorded answers of older services demand; a cursor that comes twice ends it; one that
 * expired (400) starts it anew, once.
 */
final class AppsWalk {
    /** The API's documented upper limit; without it some services answer 25 rows. */
    static final int LIMIT = 300;

    /** The fault of a walk whose filter was not. */
    private static final String NOT_HEEDED = "the API does not heed the filter: it sent rows that do not match";

    private final KandjiClient client;
    private final Progress progress;
    private final Map<String, String> parameters;
    private final Room room;
    private final Supplier<AppsSweep> newSweep;
    private final Predicate<AppPage> fit;
    /** Asked where the pages claim no total; null where nothing counts what these parameters select. */
    private final RowCounts counts;

    AppsWalk(KandjiClient client, Progress progress) {
        this(client, progress, Map.of());
    }

    /** Over all rows: what counts them is asked where the pages do not say how many there are. */
    AppsWalk(KandjiClient client, Progress progress, RowCounts counts) {
        this(client, progress, Map.of(), Room.ofTheHeap(LIMIT), counts);
    }

    /** @param parameters of every request, such as a filter; cursors are valid with equal parameters only */
    AppsWalk(KandjiClient client, Progress progress, Map<String, String> parameters) {
        this(client, progress, parameters, Room.ofTheHeap(LIMIT));
    }

    AppsWalk(KandjiClient client, Progress progress, Map<String, String> parameters, Room room) {
        this(client, progress, parameters, room, null);
    }

    private AppsWalk(
            KandjiClient client, Progress progress, Map<String, String> parameters, Room room, RowCounts counts) {
        this(client, progress, parameters, room, counts, AppsSweep::new, page -> true);
    }

    private AppsWalk(
            KandjiClient client,
            Progress progress,
            Map<String, String> parameters,
            Room room,
            RowCounts counts,
            Supplier<AppsSweep> newSweep,
            Predicate<AppPage> fit) {
        this.client = client;
        this.progress = progress;
        this.parameters = parameters;
        this.room = room;
        this.counts = counts;
        this.newSweep = newSweep;
        this.fit = fit;
    }

    /**
     * Over the rows that a filter lets through.
     *
     * @param fit whether a page holds such rows only; one that does not ends the walk unread, for the API does not heed
     *     the filter, and what follows may be everything
     */
    static AppsWalk ofSome(KandjiClient client, Map<String, String> parameters, Predicate<AppPage> fit) {
        return new AppsWalk(
                client, (rows, total) -> {}, parameters, Room.ofTheHeap(LIMIT), null, AppsSweep::ofSome, fit);
    }

    /** @throws InterruptedException when the sweep was cancelled */
    Reading<AppsSweep> read() throws InterruptedException {
        var first = new Attempt();
        Reading<AppsSweep> reading = first.read();
        if (!first.cursorExpired(reading)) {
            return reading;
        }
        Reading<AppsSweep> second = new Attempt().read();
        return new Reading<>(second.sweep(), reading.pages() + second.pages(), second.failure());
    }

    /** One walk from the first page. */
    private final class Attempt {
        private final AppsSweep sweep = newSweep.get();
        private final AppRowParser parser = new AppRowParser();
        /** By their prints: there may be a hundred thousand, of any length. */
        private final Set<Long> cursors = new HashSet<>();

        private final Set<Long> pagePrints = new HashSet<>();
        private final NewRows newRows = new NewRows();
        private long pages;
        private OptionalLong countedBefore = OptionalLong.empty();

        Reading<AppsSweep> read() throws InterruptedException {
            try {
                byCursor();
                countAgain();
                return new Reading<>(sweep.seal(), pages, Optional.empty());
            } catch (ApiException failure) {
                sweep.walk().fault(failure.getMessage());
                return new Reading<>(sweep.seal(), pages, Optional.of(failure));
            }
        }

        boolean cursorExpired(Reading<AppsSweep> reading) {
            return reading.failure()
                    .filter(failure -> failure.status().equals(OptionalInt.of(400)))
                    .filter(failure -> pages > 0)
                    .isPresent();
        }

        private void byCursor() throws ApiException, InterruptedException {
            String cursor = "";
            while (true) {
                AppPage page = page("cursor", cursor);
                if (page.size() == 0 || !fit.test(page) || tooMany() || circling(page)) {
                    return;
                }
                if (page.cursor == null) {
                    if (page.full(LIMIT)) {
                        byOffset();
                    }
                    return;
                }
                cursor = page.cursor;
            }
        }

        /** Goes on where the pages read so far end, to an empty page. */
        private void byOffset() throws ApiException, InterruptedException {
            long offset = sweep.walk().rows();
            while (!tooMany()) {
                AppPage page = page("offset", String.valueOf(offset));
                if (page.size() == 0 || !fit.test(page) || circling(page)) {
                    return;
                }
                offset += page.size();
            }
        }

        private AppPage page(String place, String value) throws ApiException, InterruptedException {
            var query = new LinkedHashMap<String, String>();
            query.put("limit", String.valueOf(LIMIT));
            query.putAll(parameters);
            query.put(place, value);
            AppPage page = client.get("/prism/apps", query, answer -> {
                sweep.walk().begins(answer.asOf());
                return parser.parse(answer.body(), answer.askedAt());
            });
            pages++;
            if (!fit.test(page)) {
                sweep.walk().fault(NOT_HEEDED);
                return page;
            }
            if (pages == 1 && page.total.isEmpty() && counts != null) {
                countedBefore = counts.exact();
            }
            page.addTo(sweep);
            if (page.size() > 0) {
                progress.read(sweep.walk().rows(), sweep.walk().claimedTotal());
            }
            return page;
        }

        /** One count alone would not tell what came and went meanwhile, and so not what is missing. */
        private void countAgain() throws InterruptedException {
            if (countedBefore.isPresent()) {
                counts.exact().ifPresent(after -> sweep.walk().counted(countedBefore.getAsLong(), after));
            }
        }

        /** Whether cursor or rows have come before: the list would never end. */
        private boolean circling(AppPage page) {
            if (page.cursor != null && !cursors.add(Fingerprint.of(page.cursor))) {
                sweep.walk().fault("page " + pages + " named a cursor that had come before");
                return true;
            }
            if (!pagePrints.add(page.print())) {
                sweep.walk().fault("page " + pages + " held the very rows of an earlier page");
                return true;
            }
            if (newRows.haveEnded(page)) {
                sweep.walk().fault("page " + pages + " and those before it held no new rows: the list does not end");
                return true;
            }
            return false;
        }

        private boolean tooMany() {
            return room.isUsedUp(sweep.walk(), sweep.weight() + parser.weight());
        }
    }
}
