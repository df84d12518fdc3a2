package dev.kandjistream.kandji.http;

import dev.kandjistream.kandji.domain.DeviceRow;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Asks {@code GET /devices} for one serial number. The API's filter for it finds whatever contains the number (documented), so
 * only rows with the same number are kept, ignoring case and spaces around it; a row with an empty number is
 * skipped.
 *
 * <p>An answer is complete or none. A row without a device id, or whose serial number is missing or cannot be read, may be the
 * requested device, or another enrolment of it, and a full page may continue. Neither proves absence, so either fails the
 * lookup. The row's shape names other unreadable fields. Safe for several threads.
 */
public final class SerialLookup {
    private final KandjiClient client;

    /** @param client decides how often is tried, how long is waited for the quota, and when an answer comes too late */
    public SerialLookup(KandjiClient client) {
        this.client = client;
    }

    /**
     * One page, asked for once; once more only where the client was built to try again.
     *
     * @param serialNumber not blank; part of no message
     * @return the devices of this number, as the page had them: none, one, or several where hardware enrolled again or
     *     machines share a number. Each has the time of its request ({@link DeviceRow#observedAt}). An empty result means that
     *     the API lists none <em>now</em>: lists can be empty or short for a while
     * @throws ApiException RATE_LIMITED where the client does not wait as long as the quota would have it; CONNECTED where
     *     rows came but what they say is not the whole answer; else as {@link KandjiClient#get}
     * @throws InterruptedException soon after the thread was interrupted, whatever it waited for
     */
    public List<DeviceRow> find(String serialNumber) throws ApiException, InterruptedException {
        String wanted = serialNumber.strip();
        if (wanted.isEmpty()) {
            throw new IllegalArgumentException(
                    "expected a serial number, found a blank one, which is part of every other");
        }
        var query = new LinkedHashMap<String, String>();
        query.put("serial_number", wanted);
        query.put("limit", String.valueOf(DevicePage.LIMIT));
        query.put("offset", "0");
        Predicate<String> same = same(wanted);
        return client.get("/devices", query, SerialLookup::whole).rows().stream()
                .filter(row -> row.serialNumber() != null
                        && same.test(row.serialNumber().strip()))
                .toList();
    }

    private static DevicePage whole(Answer answer) throws IOException {
        // What X-Total-Count counts where there is a filter is not documented, and newer gateways do not send it.
        DevicePage page = DeviceParser.parse(answer.body().readAllBytes(), OptionalLong.empty(), answer.askedAt());
        if (page.unusable() > 0) {
            throw unsure(page.unusable(), page.firstUnusable());
        }
        if (!page.unread().isEmpty()) {
            throw unsure(page.unread().size(), page.unread().values().iterator().next());
        }
        long nameless = page.rows().stream()
                .filter(row -> row.shape().lacks("serial_number"))
                .count();
        if (nameless > 0) {
            throw unsure(nameless, "the serial number is missing or cannot be read");
        }
        if (page.size() >= DevicePage.LIMIT) {
            throw BadBody.shape("expected the few devices of one serial number, found a page of " + page.size()
                    + " rows, which need not be all: give the whole number; if it was whole, the filter is not heeded");
        }
        return page;
    }

    private static BadBody unsure(long rows, String first) {
        return BadBody.shape("expected rows that tell which devices these are, found " + rows
                + " that may be the one asked for and cannot be read: " + first);
    }

    /** In any case of ASCII's letters only: the capital of a long s is an S, and with it another machine's serial number. */
    private static Predicate<String> same(String serialNumber) {
        return Pattern.compile(Pattern.quote(serialNumber), Pattern.CASE_INSENSITIVE)
                .asMatchPredicate();
    }
}
