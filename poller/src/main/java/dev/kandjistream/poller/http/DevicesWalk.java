package dev.kandjistream.poller.http;

import dev.kandjistream.kandji.domain.DeviceRow;
import dev.kandjistream.kandji.http.ApiException;
import dev.kandjistream.kandji.http.DevicePage;
import dev.kandjistream.kandji.http.DeviceParser;
import dev.kandjistream.kandji.http.KandjiClient;
import dev.kandjistream.poller.domain.DevicesSweep;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * Walks {@code GET /devices} by offset, ordered by the unique id, until a page is empty: a short page need not be the end.
 * After a short page the walk goes on right behind its rows. If rows were filtered out after the page was cut, that reads
 * some twice; if the API caps the limit or lost rows, advancing by the limit would skip them and nothing would tell.
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
        var sweep = new DevicesSweep();
        int pages = 0;
        int offset = 0;
        boolean overlapping = false;
        try {
            while (true) {
                DevicePage page = page(offset, sweep);
                pages++;
                sweep.walk().page(page.size(), page.total());
                if (page.size() == 0) {
                    return new Reading<>(sweep, pages, Optional.empty());
                }
                if (!add(page, overlapping, sweep)) {
                    sweep.walk()
                            .fault("page " + pages + " holds only devices of earlier pages: offset is not honoured");
                    return new Reading<>(sweep, pages, Optional.empty());
                }
                offset += Math.min(page.size(), DevicePage.LIMIT);
                overlapping = page.size() < DevicePage.LIMIT;
                progress.read(sweep.walk().rows(), sweep.walk().claimedTotal());
                if (room.isUsedUp(sweep.walk(), sweep.weight())) {
                    return new Reading<>(sweep, pages, Optional.empty());
                }
            }
        } catch (ApiException failure) {
            sweep.walk().fault(failure.getMessage());
            return new Reading<>(sweep, pages, Optional.of(failure));
        }
    }

    private DevicePage page(int offset, DevicesSweep sweep) throws ApiException, InterruptedException {
        var query = new LinkedHashMap<String, String>();
        query.put("limit", String.valueOf(DevicePage.LIMIT));
        query.put("offset", String.valueOf(offset));
        query.put("ordering", "device_id");
        return client.get("/devices", query, answer -> {
            sweep.walk().begins(answer.asOf());
            return DeviceParser.parse(answer.body().readAllBytes(), answer.number("X-Total-Count"), answer.askedAt());
        });
    }

    /** @return whether the page brought anything that was not there before */
    private static boolean add(DevicePage page, boolean overlapping, DevicesSweep sweep) {
        if (page.unusable() > 0) {
            sweep.walk().unusable(page.unusable(), page.firstUnusable());
        }
        // An unusable row beside rows of earlier pages is no news: an API that gives one page for ever would be read
        // for ever.
        boolean news =
                page.unusable() > 0 && page.rows().isEmpty() && page.unread().isEmpty();
        for (var unread : page.unread().entrySet()) {
            news |= sweep.unread(unread.getKey(), unread.getValue());
        }
        var ofThisPage = new HashSet<String>();
        for (DeviceRow row : page.rows()) {
            boolean unseen = sweep.add(row);
            news |= unseen;
            if (!ofThisPage.add(row.deviceId())) {
                sweep.repeatedOnPage();
            } else if (!unseen && !overlapping) {
                sweep.repeated();
            }
        }
        return news;
    }
}
