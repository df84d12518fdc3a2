package dev.kandjistream.poller.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.kandjistream.kandji.http.Answer;
import dev.kandjistream.kandji.http.ApiException;
import dev.kandjistream.kandji.http.BadBody;
import dev.kandjistream.kandji.http.Json;
import dev.kandjistream.kandji.http.KandjiClient;
import dev.kandjistream.poller.domain.AppsSweep;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Asks for the apps of some devices by themselves, where a sweep did not prove enough. */
public final class AppsOfDevices {
    /** Ids in one filter; together they keep the URL well under 4,000 characters. */
    private static final int AT_ONCE = 25;

    private final KandjiClient client;

    public AppsOfDevices(KandjiClient client) {
        this.client = client;
    }

    /**
     * Reads the devices' rows whole and lets them replace what the sweep found. Stops at the first answer that cannot be
     * trusted: a failed page, a total that disagrees, or rows of other devices, which show that the filter was ignored.
     *
     * @return why it stopped early; empty when all were read
     */
    public Optional<String> reread(List<String> deviceIds, AppsSweep sweep) throws InterruptedException {
        for (int from = 0; from < deviceIds.size(); from += AT_ONCE) {
            var some = new LinkedHashSet<>(deviceIds.subList(from, Math.min(deviceIds.size(), from + AT_ONCE)));
            if (!rereadTogether(some, sweep)) {
                return Optional.of("re-reading single devices did not bring whole lists of these devices");
            }
        }
        return Optional.empty();
    }

    /** One by one where a row of one device may stand in the place of another's. @return whether all were read whole */
    private boolean rereadTogether(Set<String> some, AppsSweep sweep) throws InterruptedException {
        Map<String, String> filter = Map.of("filter", filter(some));
        AppsSweep answer = AppsWalk.ofSome(client, filter, page -> page.isOfNoneBut(some))
                .read()
                .sweep();
        if (!answer.proves(some)) {
            return false;
        }
        if (some.size() > 1 && answer.mayMixDevices()) {
            for (String deviceId : some) {
                if (!rereadTogether(Set.of(deviceId), sweep)) {
                    return false;
                }
            }
            return true;
        }
        answer.devices().forEach(sweep::reread);
        return true;
    }

    private static String filter(Iterable<String> deviceIds) {
        var filter = Json.MAPPER.createObjectNode();
        var in = filter.putObject("device_id").putArray("in");
        deviceIds.forEach(in::add);
        return filter.toString();
    }

    /**
     * Asks the devices' own endpoint, which tells of the apps another way, whether they have any.
     *
     * @return why it stopped early, such as a token without permission; empty when all were asked
     */
    public Optional<ApiException> confirmEmpty(List<String> deviceIds, AppsSweep sweep) throws InterruptedException {
        for (String deviceId : deviceIds) {
            try {
                if (client.get(
                        "/devices/" + KandjiClient.encode(deviceId) + "/apps", Map.of(), AppsOfDevices::isEmpty)) {
                    sweep.confirmEmpty(deviceId);
                }
            } catch (ApiException failure) {
                if (failure.status().orElse(0) != 404) {
                    return Optional.of(failure);
                }
                // The device itself is gone; the device list will tell.
            }
        }
        return Optional.empty();
    }

    /** Reads on to the end, but keeps nothing: the list may be of any length. */
    private static boolean isEmpty(Answer answer) throws BadBody {
        return Json.read(answer.body(), parser -> {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw Json.unexpected("an object with apps", parser.currentToken());
            }
            int lists = 0;
            boolean empty = true;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean apps = parser.currentName().equals("apps");
                if (parser.nextToken() == JsonToken.START_ARRAY && apps) {
                    lists++;
                    empty &= listIsEmpty(parser);
                } else {
                    parser.skipChildren();
                }
            }
            if (lists == 0) {
                throw BadBody.shape("expected an object with apps, found one without");
            }
            return empty;
        });
    }

    private static boolean listIsEmpty(JsonParser parser) throws IOException {
        boolean empty = true;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            parser.skipChildren();
            empty = false;
        }
        return empty;
    }
}
