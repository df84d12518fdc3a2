package dev.kandjistream.kandji.http;

import dev.kandjistream.kandji.domain.DeviceRow;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * One page of the device list. A device with several rows is among {@code rows} as often as it has equal ones; otherwise it is
 * unread, and each of its rows but one is unusable.
 *
 * @param rows rows of which more than the device id could be read; their shapes name unreadable fields
 * @param unread reason, by device, why only the device id of the row could be read; in the order of the page
 * @param unusable number of rows without a valid device id, and of further rows of devices in {@code unread}
 * @param firstUnusable describes the first of them; null if there is none
 * @param deviceIds the device id of each row, in the order of the page; null for a row without a valid one
 * @param total what the API claims the whole list to hold
 */
public record DevicePage(
        List<DeviceRow> rows,
        Map<String, String> unread,
        int unusable,
        String firstUnusable,
        List<String> deviceIds,
        OptionalLong total) {
    /** Most rows a page may be asked for (documented). */
    public static final int LIMIT = 300;

    /** All rows. */
    public int size() {
        return deviceIds.size();
    }
}
