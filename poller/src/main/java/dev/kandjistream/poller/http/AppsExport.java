package dev.kandjistream.poller.http;

import dev.kandjistream.kandji.http.KandjiClient;
import dev.kandjistream.poller.domain.AppsSweep;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Reads all app rows from an export: three requests and a file instead of a request for every 300 rows. The sweep is the one
 * that {@link AppsWalk} gives, judged by the same rules; what its pages claim for a walk, {@link RowCounts} before and
 * after claim for a file.
 */
final class AppsExport {
    private static final int TRIES = 2;
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(2);
    private static final Duration LONGEST_DOWNLOAD = Duration.ofHours(1);

    /** A row is about a kilobyte. */
    private static final long LARGEST_ROW = 4_096;

    private static final long LARGEST_WITHOUT_ROWS = 64L << 20;

    private final KandjiClient client;
    private final RowCounts counts;
    private final Progress progress;
    private final Room room;

    AppsExport(KandjiClient client, RowCounts counts, Progress progress) {
        this(client, counts, progress, Room.ofTheHeap(AppsWalk.LIMIT));
    }

    AppsExport(KandjiClient client, RowCounts counts, Progress progress, Room room) {
        this.client = client;
        this.counts = counts;
        this.progress = progress;
        this.room = room;
    }

    /**
     * Has everything exported and reads it.
     *
     * @param before how many rows the API counted just before
     * @throws ExportFailure where there is no file, or none that can be read
     */
    Reading<AppsSweep> read(long before) throws ExportFailure, InterruptedException {
        var job = new ExportJob(client);
        URI uri = FileAddress.checked(job.run(), client.origin());
        long after = counts.exactOrClaimed()
                .orElseThrow(() -> ExportFailure.passing("the API would not count the rows once more"));
        for (int attempt = 1; ; attempt++) {
            try {
                return new Reading<>(download(uri, before, after, job), 1, Optional.empty());
            } catch (ExportFailure failure) {
                throw failure;
            } catch (IOException failure) {
                if (attempt == TRIES) {
                    throw ExportFailure.passing("the export's file could not be read: " + failure.getMessage());
                }
                client.waiting().pause(BETWEEN_TRIES);
            }
        }
    }

    private AppsSweep download(URI uri, long before, long after, ExportJob job)
            throws IOException, InterruptedException {
        var sweep = new AppsSweep();
        sweep.walk().begins(job.asOf());
        sweep.walk().counted(before, after);
        var csv = new AppsCsv(sweep, job.askedAt());
        var bounds = new ExportDownload.Bounds(
                LARGEST_WITHOUT_ROWS + LARGEST_ROW * Math.min(Math.max(before, after), Room.MOST_ROWS),
                client.timeout(),
                LONGEST_DOWNLOAD);
        return new ExportDownload(client.http(), uri, bounds).read(file -> {
            csv.read(file, () -> {
                progress.read(sweep.walk().rows(), sweep.walk().claimedTotal());
                return !room.isUsedUp(sweep.walk(), sweep.weight() + csv.weight());
            });
            return sweep.seal();
        });
    }
}
