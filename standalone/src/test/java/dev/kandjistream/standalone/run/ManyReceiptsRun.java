package dev.kandjistream.standalone.run;

import dev.kandjistream.embedded.EmbeddedKafka;
import dev.kandjistream.embedded.EmbeddedRegistry;
import dev.kandjistream.schemas.Keys;
import dev.kandjistream.schemas.TopicAdmin;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.AvroSerdes;
import dev.kandjistream.sweeps.Quota;
import dev.kandjistream.sweeps.SweepReceipt;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * How long it takes to find the last receipts of many accounts: {@code ManyReceiptsRun ACCOUNTS RECEIPTS}. Writes that many,
 * spread evenly over thirty days (every fourth of an account is of its apps), then reads all of them, and backwards.
 */
final class ManyReceiptsRun {
    private static final Topics TOPICS = new Topics("many");
    private static final int TIMES = 5;

    private ManyReceiptsRun() {}

    public static void main(String... arguments) throws Exception {
        int accounts = Integer.parseInt(arguments[0]);
        int receipts = Integer.parseInt(arguments[1]);
        Path directory = Files.createTempDirectory("many-receipts");
        try (var broker = EmbeddedKafka.start(directory);
                var registry =
                        EmbeddedRegistry.start(0, Map.of("bootstrap.servers", broker.bootstrapServers()), "_schemas");
                var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            TopicAdmin.ensure(admin, TOPICS, (short) 1);
            Map<String, Object> kafka =
                    Map.of("bootstrap.servers", broker.bootstrapServers(), "schema.registry.url", registry.url());
            Set<String> ids = write(accounts, receipts, kafka);
            for (int i = 0; i < TIMES; i++) {
                measure("all thirty days", Set.of(), kafka);
                measure("backwards", ids, kafka);
                measure("backwards, one account", Set.of("account-0"), kafka);
            }
        }
    }

    private static Set<String> write(int accounts, int receipts, Map<String, Object> kafka) {
        var ids = new TreeSet<String>();
        Instant now = Instant.now();
        String topic = TOPICS.sweeps().name();
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.get("bootstrap.servers"), "linger.ms", 50, "batch.size", 1 << 20),
                new StringSerializer(),
                AvroSerdes.serializer(TOPICS.sweeps(), kafka))) {
            for (int i = 0; i < receipts; i++) {
                String account = "account-" + i % accounts;
                String kind = i / accounts % 4 == 0 ? "apps" : "devices";
                Instant at =
                        now.minus(Duration.ofDays(30).multipliedBy(receipts - i).dividedBy(receipts));
                ids.add(account);
                producer.send(new ProducerRecord<>(
                        topic, null, at.toEpochMilli(), Keys.of(account, kind), receipt(account, kind, at, i)));
            }
        }
        return ids;
    }

    private static SweepReceipt receipt(String account, String kind, Instant at, int number) {
        return SweepReceipt.newBuilder()
                .setAccountId(account)
                .setKind(kind)
                .setSweepId("01963f1e-7a00-7000-8000-" + String.format("%012d", number))
                .setStartedAt(at)
                .setFinishedAt(at)
                .setVerdict("COMPLETE")
                .setConnection("CONNECTED")
                .setRequests(number % 7)
                .setPages(number % 5)
                .setRows(number % 1_000)
                .setDevices(number % 900)
                .setPublished(number % 3)
                .setUnchanged(number % 800)
                .setRetracted(0)
                .setWithheld(0)
                .setOversized(0)
                .setQuota(new Quota(5000L, number % 5_000L, 9_000L))
                .setLastCompleteAt(at)
                .setLastCompleteSweepId("01963f1e-7a00-7000-8000-" + String.format("%012d", number))
                .build();
    }

    private static void measure(String what, Set<String> accounts, Map<String, Object> kafka) {
        long began = System.nanoTime();
        try (var log = new ReceiptLog(TOPICS, kafka)) {
            int found = log.latest(accounts).size();
            System.out.printf("%s: %d receipts in %.2f s%n", what, found, (System.nanoTime() - began) / 1e9);
        }
    }
}
