package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.AssignedUser;
import dev.kandjistream.kandji.domain.DeviceRow;

/**
 * What was last published of a device's row.
 *
 * @param details print, see {@link DeviceRow#details}
 * @param attribution print, see {@link DeviceRow#attribution}
 * @param holder the user the published record attributes the device to; null where it is not attributed
 * @param absence of the device or of its holder; null where the last complete sweep showed both
 */
public record DeviceMemory(long details, long attribution, AssignedUser holder, Absence absence) {
    static DeviceMemory of(DeviceRow row) {
        return new DeviceMemory(row.details(), row.attribution(), row.attributed() ? row.user() : null, null);
    }

    boolean tells(DeviceRow row) {
        return details == row.details() && attribution == row.attribution();
    }

    DeviceMemory with(Absence newAbsence) {
        return new DeviceMemory(details, attribution, holder, newAbsence);
    }

    DeviceMemory withDetails(long newDetails) {
        return new DeviceMemory(newDetails, attribution, holder, absence);
    }
}
