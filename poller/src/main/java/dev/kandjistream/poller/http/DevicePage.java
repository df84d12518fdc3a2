package dev.kandjistream.poller.http;

import dev.kandjistream.poller.domain.DeviceRow;
import java.util.List;
import java.util.OptionalLong;

/**
 * One page of the device list.
 *
 * @param rows usable rows
 * @param unusable how many rows could not be used
 * @param firstUnusable why the first of them could not; null where there is none
 * @param total what the API claims the whole list to hold
 */
record DevicePage(List<DeviceRow> rows, int unusable, String firstUnusable, OptionalLong total) {
    int size() {
        return rows.size() + unusable;
    }
}
