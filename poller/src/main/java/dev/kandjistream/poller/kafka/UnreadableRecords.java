package dev.kandjistream.poller.kafka;

import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records that one reading skipped, reported in one log line. For one thread. */
final class UnreadableRecords {
    private static final Logger LOG = LoggerFactory.getLogger(UnreadableRecords.class);
    private static final int LONGEST_KEY = 200;

    private final Set<String> places = new HashSet<>();
    private ConsumerRecord<String, ?> first;
    private String reason;

    /** Counts a record once, however often it is read. */
    void add(ConsumerRecord<String, ?> record, RuntimeException failure) {
        places.add(record.topic() + "-" + record.partition() + "-" + record.offset());
        if (first == null) {
            first = record;
            reason = failure.getMessage();
        }
    }

    void report() {
        if (first == null) {
            return;
        }
        LOG.atWarn()
                .addKeyValue("topic", first.topic())
                .addKeyValue("partition", first.partition())
                .addKeyValue("offset", first.offset())
                .addKeyValue("key", key())
                .addKeyValue("reason", reason)
                .addKeyValue("records", places.size())
                .log("Records cannot be read, and the ledger is made anew without them; this is the first");
    }

    private String key() {
        String key = String.valueOf(first.key());
        return key.length() <= LONGEST_KEY ? key : key.substring(0, LONGEST_KEY);
    }
}
