package dev.kandjistream.enricher.stream;

import dev.kandjistream.schemas.Replays;
import java.util.List;

/** The replays that operators ask for now. The processors of all partitions look here; safe for their threads. */
public final class ReplayRequests {
    private volatile List<Replays.Request> open;

    /** Sets those that are asked for now, in the order in which they were asked for. */
    public void open(List<Replays.Request> requests) {
        if (!requests.equals(open)) {
            open = List.copyOf(requests);
        }
    }

    /** The same list as long as nothing changes; null before it is known. */
    List<Replays.Request> open() {
        return open;
    }
}
