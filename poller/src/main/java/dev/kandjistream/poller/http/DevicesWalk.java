package dev.kandjistream.poller.http;

import dev.kandjistream.kandji.domain.DeviceRow;
import dev.kandjistream.kandji.http.ApiException;
import dev.kandjistream.kandji.http.DevicePage;
import dev.kandjistream.kandji.http.DeviceParser;
import dev.kandjistream.kandji.http.KandjiClient;
import dev.kandjistream.poller.domain.DevicesSweep;
import dev.kandjistream.poller.domain.PageOverlap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Walks {@code GET /devices} by offset, ordered by the unique id, until a page is empty: a short page need not be the end.
 * After a short page the walk goes on right behind its rows. If rows were filtered out after the page was cut, that reads
 * some twice ({@link PageOverlap}); if the API caps the limit or lost rows, advancing by the limit would skip them without a
 * sign. A page that has only devices of earlier pages ends the walk, and so does the second page in a row that has no device
 * at all: such a list may go on for ever.
 */
public final class DevicesWalk {
    private final KandjiClient client;
    private final Progress progress;
    private final Room room;

    public DevicesWalk(KandjiClient client, Progress progress) {
        this(client, progress, Room.ofTheHeap(DevicePage.LIMIT));
    }

    DevicesWalk(KandjiClient client, Progress progress, Room room) {
        this.client = client;
        this.progress = progress;
        this.room = room;
    }

    /** @throws InterruptedException when the sweep was cancelled */
    public Reading<DevicesSweep> read() throws InterruptedException {
        return new Attempt().read();
    }

    /** One walk from the first page. */
    private final class Attempt {
        private final DevicesSweep sweep = new DevicesSweep();
        private final PageOverlap overlap = new PageOverlap(DevicePage.LIMIT);
        private int pages;
        private int offset;
        /** Whether the page before had no device. */
        private boolean idle;

        Reading<DevicesSweep> read() throws InterruptedException {
            try {
                boolean more = true;
                while (more) {
                    more = next();
                }
                return new Reading<>(sweep, pages, Optional.empty());
            } catch (ApiException failure) {
                sweep.walk().fault(failure.getMessage());
                return new Reading<>(sweep, pages, Optional.of(failure));
            }
        }

        /** @return whether another page may follow */
        private boolean next() throws ApiException, InterruptedException {
            DevicePage page = page();
            pages++;
            sweep.walk().page(page.size(), page.total());
            if (page.size() == 0 || !brings(page)) {
                return false;
            }
            offset += Math.min(page.size(), DevicePage.LIMIT);
            progress.read(sweep.walk().rows(), sweep.walk().claimedTotal());
            return !room.isUsedUp(sweep.walk(), sweep.weight());
        }

        private DevicePage page() throws ApiException, InterruptedException {
            var query = new LinkedHashMap<String, String>();
            query.put("limit", String.valueOf(DevicePage.LIMIT));
            query.put("offset", String.valueOf(offset));
            query.put("ordering", "device_id");
            return client.get("/devices", query, answer -> {
                sweep.walk().begins(answer.asOf());
                return DeviceParser.parse(
                        answer.body().readAllBytes(), answer.number("X-Total-Count"), answer.askedAt());
            });
        }

        /**
         * Adds a page. One without any device is no news, but a damaged row may be alone on the last page.
         *
         * @return whether it brought news, or what follows may
         */
        private boolean brings(DevicePage page) {
            boolean news = add(page);
            boolean idleBefore = idle;
            idle = page.deviceIds().stream().allMatch(Objects::isNull);
            if (idle && idleBefore) {
                sweep.walk()
                        .fault("pages " + (pages - 1) + " and " + pages
                                + " hold rows, but no device: the list does not end");
                return false;
            }
            if (!idle && !news) {
                sweep.walk().fault("page " + pages + " holds only devices of earlier pages: offset is not honoured");
                return false;
            }
            return true;
        }

        /** @return whether the page has a device that was not there before */
        private boolean add(DevicePage page) {
            Set<String> again = overlap.next(page.deviceIds());
            sweep.overlapped(again.size());
            if (page.unusable() > 0) {
                sweep.walk().unusable(page.unusable(), page.firstUnusable());
            }
            boolean news = false;
            for (var unread : page.unread().entrySet()) {
                boolean unseen = sweep.unread(unread.getKey(), unread.getValue());
                news |= unseen;
                if (!unseen && !again.contains(unread.getKey())) {
                    sweep.repeated();
                }
            }
            var ofThisPage = new HashSet<String>();
            for (DeviceRow row : page.rows()) {
                if (!ofThisPage.add(row.deviceId())) {
                    sweep.repeatedOnPage();
                } else if (again.contains(row.deviceId())) {
                    sweep.addAgain(row);
                } else if (sweep.add(row)) {
                    news = true;
                } else {
                    sweep.repeated();
                }
            }
            return news;
        }
    }
}
