package dev.kandjistream.poller.http;

import dev.kandjistream.kandji.domain.DeviceRow;
import dev.kandjistream.kandji.http.Answer;
import dev.kandjistream.kandji.http.ApiException;
import dev.kandjistream.kandji.http.DevicePage;
import dev.kandjistream.kandji.http.DeviceParser;
import dev.kandjistream.kandji.http.KandjiClient;
import dev.kandjistream.poller.domain.DevicesSweep;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads devices one by one by {@code GET /devices/{id}}, whose answer is the list's row (documented). A 404 may be the API's or
 * the gateway's, and bodies do not tell; so the list is then asked for this very device, and only where it answers with an
 * empty list is the device not found.
 */
public final class SingleDevices {
    private final KandjiClient client;
    private final DevicesSweep sweep = DevicesSweep.ofSome();
    private long answers;

    public SingleDevices(KandjiClient client) {
        this.client = client;
    }

    /** Ends at the first failure that is not about the device. */
    public Reading<DevicesSweep> read(Collection<String> deviceIds) throws InterruptedException {
        try {
            for (String deviceId : deviceIds) {
                read(deviceId);
            }
            return new Reading<>(sweep, answers, Optional.empty());
        } catch (ApiException failure) {
            sweep.walk().fault(failure.getMessage());
            return new Reading<>(sweep, answers, Optional.of(failure));
        }
    }

    private void read(String deviceId) throws ApiException, InterruptedException {
        try {
            DevicePage page = client.get("/devices/" + KandjiClient.encode(deviceId), Map.of(), this::single);
            if (!add(page, deviceId)) {
                sweep.walk().unread(deviceId, "asked for by itself, it was answered with another device");
            }
        } catch (ApiException failure) {
            if (failure.status().orElse(0) != 404) {
                throw failure;
            }
            lookInTheList(deviceId);
        }
    }

    private void lookInTheList(String deviceId) throws ApiException, InterruptedException {
        var query = new LinkedHashMap<String, String>();
        query.put("limit", String.valueOf(DevicePage.LIMIT));
        query.put("offset", "0");
        query.put("device_id", deviceId);
        DevicePage page =
                client.get("/devices", query, answer -> parse(answer.body().readAllBytes(), answer));
        if (page.size() == 0) {
            answers++;
            sweep.walk().page(0, OptionalLong.empty());
            sweep.notFound(deviceId);
        } else if (!add(page, deviceId)) {
            sweep.walk().unread(deviceId, "not found by itself, and the list does not heed the filter for it");
        }
    }

    /** As a list of one, for which there is a parser. */
    private DevicePage single(Answer answer) throws IOException {
        var list = new ByteArrayOutputStream();
        list.write('[');
        answer.body().transferTo(list);
        list.write(']');
        return parse(list.toByteArray(), answer);
    }

    private DevicePage parse(byte[] list, Answer answer) throws IOException {
        sweep.walk().begins(answer.asOf());
        return DeviceParser.parse(list, OptionalLong.empty(), answer.askedAt());
    }

    /** @return whether the page is about the device, or about nothing that can be told */
    private boolean add(DevicePage page, String deviceId) {
        answers++;
        sweep.walk().page(page.size(), OptionalLong.empty());
        for (DeviceRow row : page.rows()) {
            if (row.deviceId().equals(deviceId)) {
                sweep.add(row);
                return true;
            }
        }
        if (page.unusable() > 0) {
            sweep.walk().unusable(page.unusable(), page.firstUnusable());
            return true;
        }
        String unread = page.unread().get(deviceId);
        if (unread != null) {
            sweep.unread(deviceId, unread);
        }
        return unread != null;
    }
}
