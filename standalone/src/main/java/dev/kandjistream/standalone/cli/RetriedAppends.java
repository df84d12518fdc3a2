package dev.kandjistream.standalone.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.Arrays;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Marker;

/**
 * Keeps lines out of the log that tell of an error where nothing is wrong. A transaction that begins while the broker still
 * completes the one before has its first batches refused (CONCURRENT_TRANSACTIONS). Since transactions v2 (KAFKA-18202), the
 * batches that were in flight behind them are refused as well, because their sequence does not begin at 0. The producer sends
 * all of them again in order, and nothing is lost. Yet the embedded broker calls each an ERROR, and the producer a WARN.
 */
final class RetriedAppends extends TurboFilter {
    private static final String BROKER = "kafka.server.ReplicaManager";
    private static final String PRODUCER = "org.apache.kafka.clients.producer.internals.Sender";
    private static final String SENT_AGAIN = "retrying (";
    private static final String BEHIND_A_REFUSED_BATCH = "no existing state";

    @Override
    public FilterReply decide(
            Marker marker, Logger logger, Level level, String format, Object[] arguments, Throwable fault) {
        boolean harmless =
                switch (logger.getName()) {
                    case BROKER ->
                        fault instanceof OutOfOrderSequenceException
                                && fault.getMessage().contains(BEHIND_A_REFUSED_BATCH);
                    case PRODUCER -> level == Level.WARN && isRetried(format, arguments);
                    default -> false;
                };
        return harmless ? FilterReply.DENY : FilterReply.NEUTRAL;
    }

    /** The text may come with its arguments or as one. */
    private static boolean isRetried(String format, Object[] arguments) {
        String text = format + Arrays.toString(arguments);
        return text.contains(SENT_AGAIN)
                && (text.contains(Errors.CONCURRENT_TRANSACTIONS.name())
                        || text.contains(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER.name()));
    }
}
