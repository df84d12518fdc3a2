package dev.kandjistream.simulator.http;

import dev.kandjistream.simulator.fleet.Device;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Selects the devices of a fault: those with one of the ids or serial numbers, or a share of the fleet. A share is exact and
 * stable: the same fleet gives the same devices, and a larger share contains a smaller one.
 *
 * @param ids device ids; matched in any case
 * @param serials serial numbers in the fleet, even if a fault shows others; matched in any case
 * @param share more than 0, up to 1; counts only if no id and no serial number is given
 */
public record DeviceSelector(Set<String> ids, Set<String> serials, double share) {
    public static final DeviceSelector ALL = new DeviceSelector(Set.of(), Set.of(), 1);

    public DeviceSelector {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("share: must be more than 0 and at most 1, was " + share);
        }
        ids = lowerCase(ids);
        serials = lowerCase(serials);
        if (share < 1 && !(ids.isEmpty() && serials.isEmpty())) {
            throw new IllegalArgumentException(
                    "share: cannot be combined with devices or serials, was " + share + " beside them");
        }
    }

    public static DeviceSelector ofIds(Set<String> ids) {
        return new DeviceSelector(ids, Set.of(), 1);
    }

    public static DeviceSelector ofShare(double share) {
        return new DeviceSelector(Set.of(), Set.of(), share);
    }

    private static Set<String> lowerCase(Set<String> texts) {
        return texts.stream().map(text -> text.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    /** The selected devices in a stable order. */
    List<Device> of(List<Device> fleet) {
        // Ids are random, so their reversed text spreads a share over all pages of a list that is ordered by id.
        List<Device> spread = fleet.stream()
                .filter(this::names)
                .sorted(Comparator.comparing(
                        device -> new StringBuilder(device.id()).reverse().toString()))
                .toList();
        return share == 1 ? spread : spread.subList(0, (int) Math.min(spread.size(), Math.ceil(share * spread.size())));
    }

    private boolean names(Device device) {
        return ids.isEmpty() && serials.isEmpty()
                || ids.contains(device.id().toLowerCase(Locale.ROOT))
                || serials.contains(device.hardware().serial().toLowerCase(Locale.ROOT));
    }

    @Override
    public String toString() {
        if (ids.isEmpty() && serials.isEmpty()) {
            return share == 1 ? "all devices" : "a share of " + share;
        }
        return "devices " + ids + " and serials " + serials;
    }
}
