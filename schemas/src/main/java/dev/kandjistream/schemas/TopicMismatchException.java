package dev.kandjistream.schemas;

import java.util.List;

/** Topics that exist are such that records would be lost or joined wrongly. The message lists every fault found. */
public final class TopicMismatchException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    TopicMismatchException(List<String> faults) {
        super("Topics do not fit; nothing was started.\n- " + String.join("\n- ", faults));
    }

    /** Of a topic that changed while a service runs. */
    public TopicMismatchException(String fault) {
        super(fault);
    }
}
