package dev.kandjistream.simulator.http;

import dev.kandjistream.simulator.fleet.App;
import dev.kandjistream.simulator.fleet.AppRow;
import dev.kandjistream.simulator.fleet.Device;
import dev.kandjistream.simulator.fleet.Micros;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The app rows at one moment as CSV. A million rows are about a gigabyte of text, so the file is composed piece by piece
 * each time it is read. The constructor renders the parts that rows of a device or of an app share, and copies the times,
 * so the fleet may change meanwhile.
 */
final class SharedExportFile implements ExportFile {
    private static final int TIMES = 3;

    private final byte[] names;
    private final byte[][] devices;
    private final byte[][] apps;
    /** Created, updated, changed of the first row, then of the second, and so on. */
    private final long[] times;

    /** Call it while reading the fleet. */
    SharedExportFile(List<AppRow> rows, TenantForm form, boolean withUsers) {
        Map<Device, byte[]> ofDevices = new IdentityHashMap<>();
        Map<App, byte[]> ofApps = new IdentityHashMap<>();
        List<String> columns = PrismColumn.all().stream().map(PrismColumn::name).toList();
        names = (Csv.line(columns) + Csv.END_OF_LINE).getBytes(StandardCharsets.UTF_8);
        devices = new byte[rows.size()][];
        apps = new byte[rows.size()][];
        times = new long[rows.size() * TIMES];
        int i = 0;
        for (AppRow row : rows) {
            devices[i] = ofDevices.computeIfAbsent(
                    row.device(), device -> render(PrismColumn.OF_DEVICE, row, form, withUsers));
            apps[i] = ofApps.computeIfAbsent(row.app(), app -> render(PrismColumn.OF_APP, row, form, withUsers));
            times[i * TIMES] = row.createdAt();
            times[i * TIMES + 1] = row.updatedAt();
            times[i * TIMES + 2] = row.changedAt();
            i++;
        }
    }

    private static byte[] render(List<PrismColumn> columns, AppRow row, TenantForm form, boolean withUsers) {
        List<String> fields = columns.stream()
                .map(column -> ExportFile.text(column.shown(row, form, withUsers), form))
                .toList();
        return Csv.line(fields).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public int rows() {
        return devices.length;
    }

    @Override
    public void writeNames(PageBytes bytes) {
        bytes.add(names);
    }

    @Override
    public void write(int row, PageBytes bytes) {
        long changed = times[row * TIMES + 2];
        bytes.add(devices[row]).add(',').addPlainTime(times[row * TIMES]);
        bytes.add(',').addPlainTime(times[row * TIMES + 1]).add(',');
        if (changed != Micros.NEVER) {
            bytes.addPlainTime(changed);
        }
        bytes.add(',').add(apps[row]).add(Csv.END_OF_LINE);
    }
}
