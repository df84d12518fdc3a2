package dev.kandjistream.poller.http;

import dev.kandjistream.kandji.domain.Moment;
import dev.kandjistream.kandji.http.ApiException;
import dev.kandjistream.kandji.http.Json;
import dev.kandjistream.kandji.http.KandjiClient;
import dev.kandjistream.poller.http.AuditPage.Event;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Asks {@code GET /audit/events} which devices and directory users something happened to. Which actions there are is not
 * published, so every event about a device or a user counts, and says no more than that a look is worth it. The newest come
 * first, so that an answer which heeds no date still ends where the known begins. Tells each event once; for one thread.
 */
public final class AuditEvents {
    /** The API's documented upper limit. */
    static final int LIMIT = 500;

    /** Beyond that a look at the whole device list is the smaller effort. */
    private static final int MOST_PAGES = 10;

    private static final int REMEMBERED = 20_000;

    private final Set<String> told = Collections.newSetFromMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    });

    /**
     * What events named that were not told before.
     *
     * @param devices ids, lower case, in order
     * @param users ids, lower case, in order
     * @param whole whether all events since were read
     * @param asOf when the first page was asked for, by the API's clock; {@link Moment#UNKNOWN} where none was
     * @param events ids of those read, those told before included
     * @param rows as many as there were
     * @param failure why reading ended early; empty where it did not
     */
    public record Named(
            Set<String> devices,
            Set<String> users,
            boolean whole,
            long asOf,
            Set<String> events,
            long rows,
            long pages,
            Optional<ApiException> failure) {}

    /**
     * Reads the events since a moment. They count as told when {@link #heard} says so, and not before: whoever asks may
     * fail to do anything about them.
     *
     * @param since milliseconds since 1970, by the API's clock
     */
    public Named read(KandjiClient client, long since) throws InterruptedException {
        return new Walk(client, since).read();
    }

    private final class Walk {
        private final KandjiClient client;
        private final long since;
        private final Set<String> devices = new TreeSet<>();
        private final Set<String> users = new TreeSet<>();
        private final Set<String> read = new TreeSet<>();
        private long asOf = Moment.UNKNOWN;
        private long rows;
        private long pages;

        Walk(KandjiClient client, long since) {
            this.client = client;
            this.since = since;
        }

        Named read() throws InterruptedException {
            boolean whole = false;
            Optional<ApiException> failure = Optional.empty();
            try {
                whole = toTheKnown();
            } catch (ApiException cut) {
                failure = Optional.of(cut);
            }
            return new Named(devices, users, whole, asOf, read, rows, pages, failure);
        }

        /** @return whether it got there */
        private boolean toTheKnown() throws ApiException, InterruptedException {
            var cursors = new HashSet<String>();
            String cursor = null;
            while (pages < MOST_PAGES) {
                AuditPage page = page(cursor);
                pages++;
                boolean anyInTheWindow = false;
                for (Event event : page.events()) {
                    anyInTheWindow |= note(event);
                }
                cursor = page.cursor();
                if (cursor == null || !anyInTheWindow) {
                    return true;
                }
                if (!cursors.add(cursor)) {
                    return false;
                }
            }
            return false;
        }

        private AuditPage page(String cursor) throws ApiException, InterruptedException {
            var query = new LinkedHashMap<String, String>();
            query.put("limit", String.valueOf(LIMIT));
            query.put("sort_by", "-occurred_at");
            query.put("start_date", Instant.ofEpochMilli(since).toString());
            if (cursor != null) {
                query.put("cursor", cursor);
            }
            return client.get("/audit/events", query, answer -> {
                asOf = asOf == Moment.UNKNOWN ? answer.asOf() : asOf;
                return Json.read(answer.body(), AuditPage::read);
            });
        }

        /**
         * An event whose time cannot be read is noted too, but does not show that there is more to read.
         *
         * @return whether the event is from within the window
         */
        private boolean note(Event event) {
            rows++;
            boolean inTheWindow = event.occurredAt() >= since;
            if (!inTheWindow && event.occurredAt() != Moment.UNKNOWN) {
                return false;
            }
            if (event.target() != null && !told.contains(event.id())) {
                switch (event.targetType()) {
                    case "device" -> devices.add(event.target());
                    case "user" -> users.add(event.target());
                    default -> {
                        // Blueprints, tokens, library items: nothing that a device's row would show.
                    }
                }
            }
            if (!event.id().isEmpty()) {
                read.add(event.id());
            }
            return inTheWindow;
        }
    }

    /** These events need not be told again. */
    public void heard(Named named) {
        told.addAll(named.events());
    }
}
