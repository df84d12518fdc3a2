package dev.kandjistream.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.read.ListAppender;
import ch.qos.logback.core.spi.FilterReply;
import dev.kandjistream.embedded.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/** One transaction after the other, each of many small batches to many partitions: what the broker and the producer say. */
class RetriedAppendsIT {
    private static final int RECORDS = 5_000;
    /** The broker itself would wait a moment for the transaction before; how long that takes depends on the machine. */
    private static final Map<String, String> IMPATIENT = Map.of("add.partitions.to.txn.retry.backoff.max.ms", "0");

    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();

    @Test
    void batchesThatAreSentAgainAreNoError(@TempDir Path directory) throws Exception {
        var denied = new AtomicInteger();
        var filter = new RetriedAppends();
        var counted = new TurboFilter() {
            @Override
            public FilterReply decide(
                    Marker marker,
                    ch.qos.logback.classic.Logger logger,
                    Level level,
                    String format,
                    Object[] arguments,
                    Throwable fault) {
                FilterReply reply = filter.decide(marker, logger, level, format, arguments, fault);
                denied.addAndGet(reply == FilterReply.DENY && level == Level.ERROR ? 1 : 0);
                return reply;
            }
        };
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        context.addTurboFilter(counted);
        // A command that only asks turns the log off for the whole JVM.
        List.of("kafka.server", "org.apache.kafka")
                .forEach(name -> context.getLogger(name).setLevel(Level.WARN));
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(lines);
        try (var kafka = EmbeddedKafka.start(directory, 0, IMPATIENT)) {
            long deadline = System.nanoTime() + Duration.ofSeconds(90).toNanos();
            int written = write(kafka, denied, deadline);
            assertThat(denied.get()).as("the broker refused batches").isPositive();
            assertThat(written).isPositive();
        } finally {
            context.getLogger(Logger.ROOT_LOGGER_NAME).detachAppender(lines);
            context.resetTurboFilterList();
        }
        assertThat(List.copyOf(lines.list))
                .filteredOn(line -> line.getLoggerName().equals("kafka.server.ReplicaManager")
                        || line.getLoggerName().endsWith(".Sender"))
                .filteredOn(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
                .extracting(ILoggingEvent::getFormattedMessage)
                .isEmpty();
    }

    private static int write(EmbeddedKafka kafka, AtomicInteger denied, long deadline) throws Exception {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "transactional.id",
                "one",
                "linger.ms",
                0,
                "batch.size",
                200);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("many", 24, (short) 1)))
                    .all()
                    .get();
        }
        int transactions = 0;
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            while (denied.get() == 0 && System.nanoTime() < deadline) {
                producer.beginTransaction();
                for (int i = 0; i < RECORDS; i++) {
                    producer.send(new ProducerRecord<>("many", "key " + i, "value ".repeat(10)));
                }
                producer.commitTransaction();
                transactions++;
            }
        }
        return transactions;
    }
}
