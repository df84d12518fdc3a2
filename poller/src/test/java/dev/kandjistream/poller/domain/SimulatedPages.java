package dev.kandjistream.poller.domain;

import dev.kandjistream.kandji.domain.DeviceRow;
import dev.kandjistream.kandji.domain.RowShape;
import dev.kandjistream.poller.domain.PageFaults.Fault;
import dev.kandjistream.poller.domain.SimulatedTenant.Device;
import dev.kandjistream.poller.domain.SimulatedTenant.Row;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A simulated tenant's listings, page by page as the walks of {@code http} read them: devices by offset to an empty page,
 * apps by a cursor that names the last row. Every page is a new look at a fleet that may have changed meanwhile.
 */
final class SimulatedPages {
    static final int DEVICES_A_PAGE = 8;
    static final int ROWS_A_PAGE = 30;

    private static final RowShape WITHOUT_PLATFORM = new RowShape(Set.of("platform"), Set.of(), Set.of(), Set.of());

    private final SimulatedTenant tenant;

    SimulatedPages(SimulatedTenant tenant) {
        this.tenant = tenant;
    }

    /** Whether a list with half the fleet missing lacks this device. */
    static boolean inTheMissingHalf(String deviceId) {
        return deviceId.hashCode() % 2 == 0;
    }

    DevicesSweep devices(PageFaults plan) {
        var sweep = new DevicesSweep();
        int offset = 0;
        int skew = 0;
        var overlap = new PageOverlap(DEVICES_A_PAGE);
        for (int page = 0; ; page++) {
            boolean here = page == plan.page();
            reach(here, plan);
            if (here && plan.fault() == Fault.CUT) {
                sweep.walk().fault("page " + page + " answered 500");
                return sweep;
            }
            skew += here ? skew(plan, DEVICES_A_PAGE) : 0;
            List<Device> told = told(plan);
            int from = offset + skew - (here && plan.fault() == Fault.REPEATED_PAGE ? DEVICES_A_PAGE : 0);
            List<Device> rows = new ArrayList<>(cut(told, from, DEVICES_A_PAGE));
            distort(rows, cut(told, from - DEVICES_A_PAGE, DEVICES_A_PAGE), here, plan);
            sweep.walk().page(rows.size(), total(tenant.devices.size(), told.size(), here, plan));
            if (rows.isEmpty()) {
                return sweep;
            }
            if (!add(rows, overlap, plan, sweep)) {
                sweep.walk().fault("page " + page + " holds only devices of earlier pages");
                return sweep;
            }
            offset += Math.min(rows.size(), DEVICES_A_PAGE);
        }
    }

    private boolean add(List<Device> rows, PageOverlap overlap, PageFaults plan, DevicesSweep sweep) {
        Set<String> again = overlap.next(rows.stream().map(device -> device.id).toList());
        sweep.overlapped(again.size());
        boolean news = false;
        for (Device device : rows) {
            boolean unseen = add(device, plan, sweep);
            news |= unseen;
            if (!unseen && !again.contains(device.id)) {
                sweep.repeated();
            }
        }
        return news;
    }

    private boolean add(Device device, PageFaults plan, DevicesSweep sweep) {
        if (plan.fault() == Fault.UNREAD_ROWS && device.id.hashCode() % 7 == 0) {
            return sweep.unread(device.id, "a field comes twice");
        }
        boolean unreadUser = plan.fault() == Fault.UNREAD_USERS && inTheMissingHalf(device.id);
        String user = plan.fault() == Fault.NO_USERS || unreadUser ? null : device.user;
        DeviceRow row =
                switch (plan.fault()) {
                    case UNREAD_USERS ->
                        Fleet.row(
                                device.id, device.details, user, device.removed, tenant.now, "Mac", unread(unreadUser));
                    case NO_PLATFORMS ->
                        Fleet.row(device.id, device.details, user, device.removed, tenant.now, null, WITHOUT_PLATFORM);
                    default -> Fleet.row(device.id, device.details, user, device.removed, tenant.now);
                };
        tenant.shown(row);
        return sweep.add(row);
    }

    private static RowShape unread(boolean user) {
        return user ? new RowShape(Set.of(), Set.of("user"), Set.of(), Set.of()) : RowShape.FULL;
    }

    private List<Device> told(PageFaults plan) {
        List<Device> told = new ArrayList<>(tenant.devices.values());
        switch (plan.fault()) {
            case EMPTY_LIST -> told.clear();
            case HALF_MISSING -> told.removeIf(device -> inTheMissingHalf(device.id));
            default -> {}
        }
        return told;
    }

    /** @param stale devices of which rows are missing, all of them or, where that is false, all but the first */
    AppsSweep apps(PageFaults plan, Set<String> stale, boolean allRows) {
        var sweep = new AppsSweep();
        Row last = null;
        for (int page = 0; ; page++) {
            boolean here = page == plan.page();
            reach(here, plan);
            if (here && plan.fault() == Fault.CUT) {
                sweep.walk().fault("page " + page + " answered 500");
                return sweep.seal();
            }
            List<Row> told = told(plan, stale, allRows);
            int from = after(last, told) + (here ? skew(plan, ROWS_A_PAGE) : 0);
            if (here && plan.fault() == Fault.REPEATED_PAGE) {
                sweep.walk().fault("page " + page + " held the very rows of an earlier page");
                return sweep.seal();
            }
            List<Row> rows = new ArrayList<>(cut(told, from, ROWS_A_PAGE));
            last = rows.isEmpty() ? last : rows.get(rows.size() - 1);
            distort(rows, cut(told, from - ROWS_A_PAGE, ROWS_A_PAGE), here, plan);
            sweep.walk().page(rows.size(), total(tenant.rows().size(), told.size(), here, plan));
            rows.forEach(row -> add(row, sweep));
            if (here && plan.fault() == Fault.REPEATED_CURSOR) {
                sweep.walk().fault("page " + page + " named a cursor that had come before");
                return sweep.seal();
            }
            if (rows.isEmpty()) {
                return sweep.seal();
            }
        }
    }

    /**
     * The rows of a filter by time, as a partial sweep.
     *
     * @param byUpdate by when rows were written, else by when their device reported
     * @param lossy whether every fourth row never comes and nothing tells
     * @param cutAfter rows after which the walk breaks off
     */
    AppsSweep changed(long since, boolean byUpdate, boolean lossy, int cutAfter) {
        var sweep = AppsSweep.ofSome();
        tenant.now++;
        List<Row> rows = new ArrayList<>(tenant.rows());
        rows.removeIf(row -> (byUpdate ? row.app().updatedAt() : row.collectedAt()) < since);
        rows.removeIf(row -> lossy && row.hashCode() % 4 == 0);
        if (cutAfter < rows.size()) {
            rows.subList(cutAfter, rows.size()).clear();
            sweep.walk().fault("a page answered 500");
        }
        sweep.walk().page(rows.size(), OptionalLong.empty());
        rows.forEach(row -> add(row, sweep));
        return sweep.seal();
    }

    private void add(Row row, AppsSweep sweep) {
        tenant.shown(row);
        var app = row.app();
        sweep.add(row.deviceId(), row.shared(), app.createdAt(), app.updatedAt(), row.collectedAt(), tenant.now);
    }

    private List<Row> told(PageFaults plan, Set<String> stale, boolean allRows) {
        List<Row> told = tenant.rows();
        var first = new HashSet<String>();
        switch (plan.fault()) {
            case EMPTY_LIST -> told.clear();
            case HALF_MISSING -> told.removeIf(row -> inTheMissingHalf(row.deviceId()));
            case BARE -> told.removeIf(row -> !first.add(row.deviceId()));
            case STALE_ROWS ->
                told.removeIf(row -> stale.contains(row.deviceId()) && (allRows || !first.add(row.deviceId())));
            default -> {}
        }
        return told;
    }

    private static int after(Row last, List<Row> rows) {
        int at = 0;
        while (last != null && at < rows.size() && notAfter(rows.get(at), last)) {
            at++;
        }
        return at;
    }

    private static boolean notAfter(Row row, Row last) {
        int devices = row.deviceId().compareTo(last.deviceId());
        return devices < 0 || devices == 0 && row.name().compareTo(last.name()) <= 0;
    }

    /** Time passes with every page, and sometimes more than time. */
    private void reach(boolean here, PageFaults plan) {
        tenant.now++;
        if (here && plan.fleetChanges()) {
            tenant.evolve();
            tenant.now++;
        }
    }

    private static int skew(PageFaults plan, int limit) {
        return switch (plan.fault()) {
            case SHIFTED_ON -> plan.by();
            case SHIFTED_BACK -> -plan.by();
            case MISSING_PAGE -> limit;
            default -> 0;
        };
    }

    private static <T> List<T> cut(List<T> list, int from, int limit) {
        int start = Math.max(0, Math.min(from, list.size()));
        return list.subList(start, Math.min(list.size(), start + limit));
    }

    private static <T> void distort(List<T> rows, List<T> before, boolean here, PageFaults plan) {
        if (here && plan.fault() == Fault.EMPTY_PAGE) {
            rows.clear();
        } else if (here && plan.fault() == Fault.DUPLICATE_ROWS) {
            rows.addAll(List.copyOf(rows.subList(0, Math.min(plan.by(), rows.size()))));
        } else if (here && plan.fault() == Fault.REPLACED_ROWS) {
            for (int i = 0; i < Math.min(plan.by(), Math.min(rows.size(), before.size())); i++) {
                rows.set(i, before.get(i));
            }
        }
    }

    private static OptionalLong total(long actual, long told, boolean here, PageFaults plan) {
        return switch (plan.total()) {
            case TRUE -> OptionalLong.of(actual);
            case NULL -> OptionalLong.empty();
            case HIGH -> OptionalLong.of(actual + plan.by());
            case LOW -> OptionalLong.of(Math.max(0, actual - plan.by()));
            case MOVING ->
                OptionalLong.of(Math.max(0, actual + (here ? plan.by() % 2 == 0 ? plan.by() : -plan.by() : 0)));
            case AS_SHOWN -> OptionalLong.of(told);
        };
    }
}
