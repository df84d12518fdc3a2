package dev.kandjistream.poller;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.kandjistream.kandji.ApiUrl;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.sweeps.SweepReceipt;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.types.Password;
import org.slf4j.LoggerFactory;

/**
 * A poller of one account as a process of its own, to be killed and frozen. It prints {@code RECEIPT sweep_id} for what it
 * has published. At the place it is told it prints {@code GATE} and goes on when a file exists. It ends with
 * {@value #GONE} when its account goes to another poller, and cleanly when its input ends.
 */
final class PollerProcess {
    static final int GONE = 7;
    static final Duration SESSION = Duration.ofSeconds(6);

    /** Places where a process can be held. */
    enum Place {
        NOWHERE,
        READING,
        IN_ASSIGNMENT,
        BEFORE_THE_TRANSACTIONAL_ID,
        IN_TRANSACTION
    }

    private static final AtomicBoolean PASSED = new AtomicBoolean();
    private static volatile boolean closing;
    private static Place held;
    private static Path key;

    private PollerProcess() {}

    public static void main(String[] args) throws IOException {
        held = Place.valueOf(args[4]);
        key = Path.of(args[5]);
        watchTheLog();
        var kafka = new HashMap<String, Object>(Map.of("bootstrap.servers", args[0], "schema.registry.url", args[1]));
        kafka.put("interceptor.classes", Interceptor.class.getName());
        var settings = Stage.quick().withIntervals(Duration.ofMillis(500), Duration.ofHours(1));
        var account = new AccountConfig("acme", ApiUrl.parse(args[2], true), () -> new Password(args[3]), settings);
        var config = new PollerConfig(
                new Topics("kandji"), kafka, List.of(account), new GroupSettings(Optional.empty(), SESSION), (short) 1);
        try (var poller = new PollerService(config, new SimpleMeterRegistry(), new Printer())) {
            poller.start();
            System.in.read();
            closing = true;
        }
    }

    private static void pass(Place place) {
        if (place != held || !PASSED.compareAndSet(false, true)) {
            return;
        }
        System.out.println("GATE");
        try {
            while (!Files.exists(key)) {
                Thread.sleep(20);
            }
        } catch (InterruptedException goOn) {
            Thread.currentThread().interrupt();
        }
    }

    private static void watchTheLog() {
        var log = (Logger) LoggerFactory.getLogger(Ownership.class);
        log.setLevel(Level.INFO);
        var watcher = new AppenderBase<ILoggingEvent>() {
            @Override
            protected void append(ILoggingEvent event) {
                if (event.getMessage().equals("Account is this poller's")) {
                    pass(Place.IN_ASSIGNMENT);
                } else if (event.getMessage().equals("Account is given away") && !closing) {
                    Runtime.getRuntime().halt(GONE);
                }
            }
        };
        watcher.start();
        log.addAppender(watcher);
    }

    private static final class Printer implements SweepListener {
        @Override
        public void progress(String accountId, Kind kind, long rowsRead, OptionalLong claimedTotal) {
            pass(Place.READING);
        }

        @Override
        public void receipt(SweepReceipt receipt) {
            System.out.println("RECEIPT " + receipt.getSweepId());
        }
    }

    /** Kafka makes one for every client; only the transactional producer's holds anything up. */
    public static final class Interceptor
            implements ProducerInterceptor<String, byte[]>, ConsumerInterceptor<Object, Object> {
        @Override
        public void configure(Map<String, ?> configs) {
            if (configs.get("transactional.id") != null) {
                pass(Place.BEFORE_THE_TRANSACTIONAL_ID);
            }
        }

        @Override
        public ProducerRecord<String, byte[]> onSend(ProducerRecord<String, byte[]> record) {
            if (record.topic().endsWith(".sweeps")) {
                pass(Place.IN_TRANSACTION);
            }
            return record;
        }

        @Override
        public void onAcknowledgement(RecordMetadata metadata, Exception exception) {}

        @Override
        public ConsumerRecords<Object, Object> onConsume(ConsumerRecords<Object, Object> records) {
            return records;
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

        @Override
        public void close() {}
    }
}
