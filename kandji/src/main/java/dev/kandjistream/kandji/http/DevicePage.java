package dev.kandjistream.kandji.http;

import dev.kandjistream.kandji.domain.DeviceRow;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * One page of the device list.
 *
 * @param rows rows of which more than the device id could be read; their shapes name what could not
 * @param unread why nothing but the device id of a row could be read, by device; in the order of the page
 * @param unusable how many rows have no device id that is one
 * @param firstUnusable what the first of them is; null where there is none
 * @param size all rows
 * @param total what the API claims the whole list to hold
 */
public record DevicePage(
        List<DeviceRow> rows,
        Map<String, String> unread,
        int unusable,
        String firstUnusable,
        int size,
        OptionalLong total) {
    /** Most rows a page may be asked for (documented). */
    public static final int LIMIT = 300;
}
