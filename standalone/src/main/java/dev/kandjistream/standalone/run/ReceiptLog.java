package dev.kandjistream.standalone.run;

import dev.kandjistream.poller.Kind;
import dev.kandjistream.schemas.Keys;
import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.AvroSerdes;
import dev.kandjistream.sweeps.SweepReceipt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.serialization.Deserializer;

/** The receipts of a running pipeline, as any reader of committed records sees them. */
public final class ReceiptLog implements AutoCloseable {
    /** Every account that is swept at all has receipts of these. */
    private static final List<Kind> WHOLE = List.of(Kind.DEVICES, Kind.APPS);

    private final Topic<SweepReceipt> topic;
    private final CommittedLog log;
    private final Deserializer<SweepReceipt> values;

    /** Connects at the first question. */
    public ReceiptLog(Topics topics, Map<String, Object> clientProperties) {
        topic = topics.sweeps();
        values = AvroSerdes.deserializer(topic, clientProperties);
        log = new CommittedLog(topic.name(), clientProperties);
    }

    /**
     * The last receipt of each account and kind, in this order; empty where nothing was swept yet. Reads back until devices and
     * apps of every account were met; of other kinds it tells what lies no further back.
     *
     * @param accounts empty: everything that the topic holds, which is thirty days of receipts
     * @throws org.apache.kafka.common.KafkaException when broker or registry cannot be asked
     */
    public List<SweepReceipt> latest(Set<String> accounts) {
        Map<Integer, Long> end = log.end();
        var wanted = new HashSet<String>();
        accounts.forEach(account -> WHOLE.forEach(kind -> wanted.add(Keys.of(account, kind.word()))));
        var receipts = new ArrayList<SweepReceipt>();
        LastOfEach.find(log, wanted).forEach((key, value) -> {
            if (accounts.isEmpty() || accounts.contains(Keys.split(key).get(0))) {
                receipts.add(receipt(value));
            }
        });
        log.goTo(end);
        return receipts;
    }

    private SweepReceipt receipt(byte[] value) {
        return values.deserialize(topic.name(), value);
    }

    /**
     * The receipts that were written since the last question, {@link #latest} or this one.
     *
     * @param wait at most so long where there are none
     */
    public List<SweepReceipt> next(Duration wait) {
        var receipts = new ArrayList<SweepReceipt>();
        log.next(wait, value -> receipts.add(receipt(value)));
        return receipts;
    }

    @Override
    public void close() {
        log.close();
    }
}
