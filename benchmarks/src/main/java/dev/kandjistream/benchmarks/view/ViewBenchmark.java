package dev.kandjistream.benchmarks.view;

import dev.kandjistream.embedded.EmbeddedKafka;
import dev.kandjistream.embedded.EmbeddedRegistry;
import dev.kandjistream.raw.RawDevice;
import dev.kandjistream.schemas.Keys;
import dev.kandjistream.schemas.TopicAdmin;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.AvroSerdes;
import dev.kandjistream.sweeps.SweepReceipt;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * How long a posture view takes to rebuild a large fleet from the topics, and in how much memory. Broker and registry are in
 * this process, the view is in one of its own, started as the launcher starts services.
 */
public final class ViewBenchmark {
    private static final String USAGE = """
            usage: benchmarks/view [--devices N] [--heap SIZE] [--runs N]

              --devices N   devices in the raw topic (1000000)
              --heap SIZE   heap of the view's process, such as 512m (1g)
              --runs N      views to start, one after the other (3)

            KANDJI_STREAM_JAVA_OPTS in the environment gives the view's process further JVM options.
            """;

    private final Topics topics = new Topics("view");
    private final Map<String, Object> client;
    private final int devices;

    private ViewBenchmark(Map<String, Object> client, int devices) {
        this.client = client;
        this.devices = devices;
    }

    public static void main(String[] args) throws Exception {
        if (List.of(args).contains("--help")) {
            System.out.print(USAGE);
            return;
        }
        Map<String, String> options = new HashMap<>(Map.of("--devices", "1000000", "--heap", "1g", "--runs", "3"));
        for (int i = 0; i < args.length; i += 2) {
            String value = i + 1 < args.length ? args[i + 1] : "";
            boolean fits = value.matches(args[i].equals("--heap") ? "[1-9]\\d*[kmgKMG]" : "[1-9]\\d{0,8}");
            if (!fits || options.replace(args[i], value) == null) {
                System.err.print(USAGE);
                System.exit(2);
            }
        }
        measure(
                Integer.parseInt(options.get("--devices")),
                options.get("--heap"),
                Integer.parseInt(options.get("--runs")));
    }

    private static void measure(int devices, String heap, int runs) throws Exception {
        Path directory = Files.createTempDirectory("kandji-stream-view");
        try (var kafka = EmbeddedKafka.start(directory);
                var registry =
                        EmbeddedRegistry.start(0, Map.of("bootstrap.servers", kafka.bootstrapServers()), "_schemas")) {
            Map<String, Object> client =
                    Map.of("bootstrap.servers", kafka.bootstrapServers(), "schema.registry.url", registry.url());
            var benchmark = new ViewBenchmark(client, devices);
            benchmark.fill();
            for (int run = 0; run < runs; run++) {
                benchmark.view(heap);
            }
        } finally {
            System.out.println("files: " + directory);
        }
    }

    private void fill() throws Exception {
        long start = System.nanoTime();
        long bytes = 0;
        try (var admin = Admin.create(client)) {
            TopicAdmin.ensure(admin, topics, (short) 1);
        }
        var failed = new AtomicReference<Exception>();
        try (var producer = producer();
                var values = AvroSerdes.serializer(topics.rawDevices(), client);
                var receipts = AvroSerdes.serializer(topics.sweeps(), client)) {
            var fleet = new RawFleet(devices);
            String raw = topics.rawDevices().name();
            for (int i = 0; i < devices; i++) {
                RawDevice device = fleet.device(i);
                byte[] value = values.serialize(raw, device);
                bytes += value.length;
                producer.send(
                        new ProducerRecord<>(raw, Keys.of(device.getAccountId(), device.getDeviceId()), value),
                        (sent, failure) -> failed.compareAndSet(null, failure));
            }
            for (int account = 0; account < 5; account++) {
                String sweeps = topics.sweeps().name();
                SweepReceipt receipt = receipt("account-" + account);
                producer.send(new ProducerRecord<>(
                        sweeps, Keys.of(receipt.getAccountId(), "devices"), receipts.serialize(sweeps, receipt)));
            }
            producer.flush();
        }
        if (failed.get() != null) {
            throw failed.get();
        }
        System.out.printf(
                Locale.ROOT,
                "%,d devices, %,d bytes each, published in %.0f s%n",
                devices,
                bytes / devices,
                (System.nanoTime() - start) / 1e9);
    }

    private KafkaProducer<String, byte[]> producer() {
        Map<String, Object> properties = new HashMap<>(client);
        properties.put("compression.type", "zstd");
        properties.put("linger.ms", 50);
        properties.put("batch.size", 256 * 1024);
        return new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    private void view(String heap) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx" + heap, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        String more = System.getenv().getOrDefault("KANDJI_STREAM_JAVA_OPTS", "");
        command.addAll(more.isBlank() ? List.of() : List.of(more.strip().split("\\s+")));
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                ViewProcess.class.getName(),
                (String) client.get("bootstrap.servers"),
                (String) client.get("schema.registry.url"),
                topics.prefix(),
                String.valueOf(devices)));
        int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (exit != 0) {
            throw new IllegalStateException("the view's process ended with " + exit);
        }
    }

    private static SweepReceipt receipt(String account) {
        Instant now = Instant.now();
        return SweepReceipt.newBuilder()
                .setAccountId(account)
                .setKind("devices")
                .setSweepId("s1")
                .setStartedAt(now)
                .setFinishedAt(now)
                .setVerdict("COMPLETE")
                .setConnection("CONNECTED")
                .setRequests(0)
                .setPages(0)
                .setRows(0)
                .setDevices(0)
                .setPublished(0)
                .setUnchanged(0)
                .setRetracted(0)
                .setWithheld(0)
                .setOversized(0)
                .setLastCompleteAt(now)
                .build();
    }
}
