package dev.kandjistream.kandji.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kandjistream.kandji.domain.Fingerprint;
import dev.kandjistream.kandji.domain.Moment;

/** Prints of a device's row as it was received, fields that nobody knows included; the ledger keeps them. */
final class DevicePrint {
    private static final long HOUR = 3_600_000;
    private static final long LIST = 0x1B873593L;
    private static final long OBJECT = 0xCC9E2D51L;

    private DevicePrint() {}

    /** See {@link dev.kandjistream.kandji.domain.DeviceRow#attribution}. */
    static long attribution(JsonNode user, Boolean removed) {
        long whose = user != null && user.isObject() ? print(user) : Fingerprint.NOTHING;
        return Fingerprint.ordered(whose, Boolean.TRUE.equals(removed) ? 1 : 0);
    }

    /** See {@link dev.kandjistream.kandji.domain.DeviceRow#details}. */
    static long details(JsonNode row, long lastCheckIn) {
        long sum = 0;
        for (var field : row.properties()) {
            long value =
                    switch (field.getKey()) {
                        case "user", "is_removed" -> 0;
                        // A check-in is reported all the time; only its hour is worth a record.
                        case "last_check_in" ->
                            lastCheckIn == Moment.UNKNOWN
                                    ? print(field.getValue())
                                    : Fingerprint.mix(Math.floorDiv(lastCheckIn, HOUR));
                        default -> print(field.getValue());
                    };
            sum += value == 0 ? 0 : Fingerprint.ordered(Fingerprint.of(field.getKey()), value);
        }
        return Fingerprint.mix(sum);
    }

    /** Of any JSON value; the order of an object's fields does not count. */
    private static long print(JsonNode value) {
        if (value == null || value.isNull()) {
            return Fingerprint.NOTHING;
        }
        if (value.isObject()) {
            long sum = OBJECT;
            for (var field : value.properties()) {
                sum += Fingerprint.ordered(Fingerprint.of(field.getKey()), print(field.getValue()));
            }
            return Fingerprint.mix(sum);
        }
        if (value.isArray()) {
            long print = LIST;
            for (JsonNode item : value) {
                print = Fingerprint.ordered(print, print(item));
            }
            return print;
        }
        long type = value.isTextual() ? 1 : value.isNumber() ? 2 : 3;
        return Fingerprint.ordered(type, Fingerprint.of(value.asText()));
    }
}
