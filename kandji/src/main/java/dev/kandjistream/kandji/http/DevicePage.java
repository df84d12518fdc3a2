package dev.kandjistream.kandji.http;

import dev.kandjistream.kandji.domain.DeviceRow;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * One page of the device list.
 *
 * @param rows rows of which more than the device id could be read; their shapes name unreadable fields
 * @param unread reason, by device, why only the device id of the row could be read; in the order of the page
 * @param unusable number of rows without a valid device id
 * @param firstUnusable describes the first of them; null if there is none
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
