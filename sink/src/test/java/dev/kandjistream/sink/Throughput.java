package dev.kandjistream.sink;

import static dev.kandjistream.sink.Pipe.record;
import static dev.kandjistream.sink.Records.usageEvent;

import dev.kandjistream.usage.Usage;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Not a test: prints how fast usage events become rows, and what of the processor the sink's own threads take for it. Broker and
 * producer live in the same JVM and are not counted; PostgreSQL is another process.
 *
 * <pre>Throughput [events, 150000] [consumers, 2] [batch records, 20000] [rounds, 3]</pre>
 */
final class Throughput {
    private Throughput() {}

    public static void main(String[] args) {
        int events = args.length > 0 ? Integer.parseInt(args[0]) : 150_000;
        int consumers = args.length > 1 ? Integer.parseInt(args[1]) : SinkConfig.DEFAULT_CONSUMERS;
        int batch = args.length > 2 ? Integer.parseInt(args[2]) : SinkConfig.DEFAULT_BATCH_RECORDS;
        int rounds = args.length > 3 ? Integer.parseInt(args[3]) : 3;
        try (var pipe = new Pipe()) {
            int published = 0;
            for (int round = 1; round <= rounds; round++) {
                published += publish(pipe, published, events);
                long began = System.nanoTime();
                SinkService sink = pipe.startSink(pipe.config(consumers, batch));
                long cpu = 0;
                while (pipe.judge
                                .rows("SELECT to_regclass('kandji.sink_offsets')")
                                .get(0)
                                .equals("null")
                        || pipe.judge.number("SELECT coalesce(sum(next_offset), 0) FROM kandji.sink_offsets")
                                < published) {
                    cpu = Math.max(cpu, cpuOfSink());
                    Judge.pause();
                }
                cpu = Math.max(cpu, cpuOfSink());
                double seconds = (System.nanoTime() - began) / 1e9;
                System.out.printf(
                        "round %d: %,d events (two rows each) in %.2f s with the start; %.2f us of CPU a row in the sink's threads;"
                                + " %d batches so far%n",
                        round,
                        events,
                        seconds,
                        cpu / 1000.0 / (2.0 * events),
                        pipe.metrics.get("sink.batch").timer().count());
                sink.close();
            }
            System.out.println(pipe.judge.rows(
                    "SELECT count(*) FROM kandji.usage UNION ALL SELECT count(*) FROM kandji.usage_events"));
        }
        System.exit(0);
    }

    private static int publish(Pipe pipe, int first, int events) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = first; i < first + events; i++) {
            String user = UUID.nameUUIDFromBytes(("user" + i / 150).getBytes()).toString();
            String bundle = "com.vendor" + i % 150 + ".application.Desktop";
            Usage usage = Usage.newBuilder()
                    .setAccountId("acme")
                    .setUserId(user)
                    .setAppId(bundle)
                    .setUserEmail("firstname.lastname" + i / 150 + "@acme.example.com")
                    .setAppName("Some Application " + i % 150)
                    .setBundleId(bundle)
                    .setTeamId("ABCDE" + i % 150)
                    .setDeveloperName("Vendor " + i % 150 + " Incorporated")
                    .setObtainedFrom("Identified Developer")
                    .setVersions(List.of("12.4." + i % 10))
                    .setDeviceCount(1)
                    .setDeviceIds(List.of(user))
                    .setFirstSeenAt(Instant.parse("2025-12-24T08:00:00Z"))
                    .setCollectedAt(Records.OBSERVED)
                    .build();
            records.add(record(
                    pipe.topics.usage(),
                    "acme/" + user + "/" + bundle,
                    usageEvent("e" + i, "started", "c", null, usage)));
            if (records.size() == 5_000) {
                pipe.commit(records);
                records.clear();
            }
        }
        pipe.commit(records);
        return events;
    }

    private static long cpuOfSink() {
        var threads = ManagementFactory.getThreadMXBean();
        long nanos = 0;
        for (long id : threads.getAllThreadIds()) {
            var info = threads.getThreadInfo(id);
            if (info != null && info.getThreadName().matches("sink(-\\d+)?")) {
                nanos += threads.getThreadCpuTime(id);
            }
        }
        return nanos;
    }
}
