package dev.kandjistream.standalone.run;

import dev.kandjistream.posture.domain.Enrolments;
import dev.kandjistream.posture.domain.Posture;
import dev.kandjistream.posture.domain.Question;
import dev.kandjistream.posture.domain.SerialNumber;
import dev.kandjistream.posture.domain.Sighting;
import dev.kandjistream.posture.kafka.PostureView;
import dev.kandjistream.posture.policy.Simulation.Subject;
import dev.kandjistream.schemas.SerialNumbers;
import dev.kandjistream.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.common.errors.TimeoutException;

/** Every device that a running pipeline knows by serial number, as a posture service would see it. */
public final class PresentFleet {
    /** Without any progress; a million devices take some seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration LOOK = Duration.ofMillis(50);

    private PresentFleet() {}

    /**
     * Reads it whole. Each device is asked about by the user it is assigned to, who is the one to sign in with it.
     *
     * @param allowedAge how old an account's last complete sweep may be
     * @param serialNumbers knows the placeholders
     * @return in the order of serial numbers, so that equal fleets are told alike
     * @throws org.apache.kafka.common.KafkaException when broker or registry do not answer
     */
    public static List<Subject> read(
            Topics topics,
            Map<String, Object> clientProperties,
            Function<String, Duration> allowedAge,
            SerialNumbers serialNumbers,
            StopSignal stop) {
        var seen = new TreeMap<String, Sighting>();
        try (var view =
                new PostureView(topics, clientProperties, allowedAge, serialNumbers, new SimpleMeterRegistry())) {
            view.start();
            await(view, stop);
            view.forEach((serial, sighting) -> seen.put(serial.text(), sighting));
        }
        long now = Instant.now().toEpochMilli();
        return seen.entrySet().stream()
                .map(entry -> subject(entry.getKey(), entry.getValue(), now))
                .toList();
    }

    private static Subject subject(String serial, Sighting sighting, long now) {
        Optional<String> user =
                sighting.device().map(Enrolments.Chosen::enrolment).map(device -> device.userEmail());
        var question = new Question(SerialNumber.of(serial).orElseThrow(), Optional.empty(), user, Map.of());
        return new Subject(serial, Posture.of(question, sighting, now));
    }

    private static void await(PostureView view, StopSignal stop) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Optional<String> waiting = view.nothingYet();
        while (waiting.isPresent()) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException(waiting.get());
            }
            stop.pause(LOOK);
            waiting = view.nothingYet();
        }
    }
}
