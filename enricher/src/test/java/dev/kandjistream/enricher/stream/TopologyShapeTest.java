package dev.kandjistream.enricher.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.enricher.domain.Rules;
import dev.kandjistream.schemas.RecordLimits;
import dev.kandjistream.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

class TopologyShapeTest {
    private static final String SHAPE = """
            Topologies:
               Sub-topology: 0
                Source: raw (topics: [kandji.raw.devices, kandji.raw.apps])
                  --> device
                Processor: device (stores: [devices])
                  --> to-deadletters, to-devices, to-licenses, to-replays-of-devices, to-unattributed, user-contributions-repartition-filter
                  <-- raw
                Processor: user-contributions-repartition-filter (stores: [])
                  --> user-contributions-repartition-sink
                  <-- device
                Sink: to-deadletters (topic: kandji.deadletters)
                  <-- device
                Sink: to-devices (topic: kandji.devices)
                  <-- device
                Sink: to-licenses (topic: kandji.licenses)
                  <-- device
                Sink: to-replays-of-devices (topic: kandji.replays)
                  <-- device
                Sink: to-unattributed (topic: kandji.unattributed)
                  <-- device
                Sink: user-contributions-repartition-sink (topic: user-contributions-repartition)
                  <-- user-contributions-repartition-filter

              Sub-topology: 1
                Source: user-contributions-repartition-source (topics: [user-contributions-repartition])
                  --> user
                Processor: user (stores: [users])
                  --> to-replays-of-users, to-usage, to-users
                  <-- user-contributions-repartition-source
                Sink: to-replays-of-users (topic: kandji.replays)
                  <-- user
                Sink: to-usage (topic: kandji.usage)
                  <-- user
                Sink: to-users (topic: kandji.users)
                  <-- user

            """;

    @Test
    void nodesStoresAndTopicsBearTheNamesTheyWerePublishedUnder() {
        var topology = EnricherTopology.build(
                new Topics("kandji"),
                new Rules(1, Set.of("helper"), Set.of("Mac")),
                new PlainFormat(),
                new EnricherMetrics(new SimpleMeterRegistry()),
                new Breaker(1),
                new ReplayRequests(),
                new RecordLimits(RecordLimits.DEFAULT, List.of(), Map.of()),
                null,
                Stores::persistentKeyValueStore);

        assertThat(topology.describe().toString()).isEqualTo(SHAPE);
    }
}
