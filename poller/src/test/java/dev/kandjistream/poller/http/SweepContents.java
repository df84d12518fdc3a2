package dev.kandjistream.poller.http;

import dev.kandjistream.poller.domain.AppsSweep;
import dev.kandjistream.poller.domain.DeviceApps;
import java.util.Map;
import java.util.TreeMap;

/** What a sweep of apps would publish, for comparing one with another. */
final class SweepContents {
    private SweepContents() {}

    /** Device id to when it was collected and its rows with their times, in the order they are published. */
    static Map<String, String> of(AppsSweep sweep) {
        var contents = new TreeMap<String, String>();
        for (DeviceApps device : sweep.devices()) {
            var rows = new StringBuilder(device.collectedAt() + " " + device.overflowed());
            for (int row : device.order()) {
                rows.append('\n')
                        .append(device.app(row))
                        .append(' ')
                        .append(device.createdAt(row))
                        .append(' ')
                        .append(device.updatedAt(row));
            }
            contents.put(device.deviceId(), rows.toString());
        }
        return contents;
    }
}
