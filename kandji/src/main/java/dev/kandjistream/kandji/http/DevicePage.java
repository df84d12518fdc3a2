package dev.kandjistream.kandji.http;

import dev.kandjistream.kandji.domain.DeviceRow;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * One page of the device list.
 *
 * @param rows usable rows
 * @param leftOut why a row cannot be published, by device; in the order of the page
 * @param unusable how many rows could not be used
 * @param firstUnusable why the first of them could not; null where there is none
 * @param size all rows
 * @param total what the API claims the whole list to hold
 */
public record DevicePage(
        List<DeviceRow> rows,
        Map<String, String> leftOut,
        int unusable,
        String firstUnusable,
        int size,
        OptionalLong total) {
    /** Most rows a page may be asked for (documented). */
    public static final int LIMIT = 300;
}
