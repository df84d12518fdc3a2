package dev.kandjistream.posture.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.posture.domain.Doubt;
import dev.kandjistream.posture.domain.Enrolment;
import dev.kandjistream.posture.domain.Enrolments;
import dev.kandjistream.posture.domain.Published;
import dev.kandjistream.posture.domain.SerialNumber;
import dev.kandjistream.posture.domain.Sighting;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class FleetTest {
    /** @param device null where it is gone */
    record Step(DeviceKey key, SerialNumber serial, Enrolment device) {}

    /** Few devices and fewer serial numbers, so that everything happens: moves, sharing, returns, no number at all. */
    @Provide
    Arbitrary<List<Step>> stories() {
        Arbitrary<DeviceKey> keys = Combinators.combine(
                        Arbitraries.of("acme", "bcme"), Arbitraries.of("1", "2", "3", "4"))
                .as(DeviceKey::new);
        Arbitrary<SerialNumber> serials =
                Arbitraries.of("A", "B", "C").map(SerialNumber::new).injectNull(0.2);
        Arbitrary<Step> steps = Combinators.combine(
                        keys,
                        serials,
                        Arbitraries.longs().between(0, 5),
                        Arbitraries.of(true, false),
                        Arbitraries.of(true, true, true, false))
                .as((key, serial, checkIn, removed, present) ->
                        new Step(key, serial, present ? enrolment(key, checkIn, removed) : null));
        return steps.list().ofMaxSize(60);
    }

    @Property
    void whateverHappenedTheFleetIsWhatTheLastRecordOfEachKeySays(@ForAll("stories") List<Step> story) {
        var picture = new Picture(new Fleet(), new Accounts(Set.of("devices"), id -> Duration.ofHours(1)));
        Fleet fleet = picture.fleet();
        Map<DeviceKey, Step> model = new HashMap<>();
        for (Step step : story) {
            if (step.device == null) {
                fleet.remove(step.key);
                model.remove(step.key);
            } else {
                fleet.put(step.key, step.serial, step.device);
                model.put(step.key, step);
            }
            var expected = sightings(model);
            for (SerialNumber serial : List.of(new SerialNumber("A"), new SerialNumber("B"), new SerialNumber("C"))) {
                assertThat(picture.sighting(serial)).isEqualTo(expected.getOrDefault(serial, Sighting.NONE));
            }
        }
        for (Step step : story) {
            Step last = model.get(step.key);
            assertThat(fleet.published(step.key.accountId(), step.key.deviceId())
                            .map(Published::serialNumber))
                    .isEqualTo(Optional.ofNullable(last).map(held -> Optional.ofNullable(held.serial)));
        }
        Map<SerialNumber, Sighting> walked = new HashMap<>();
        picture.forEach(
                (serial, sighting) -> assertThat(walked.put(serial, sighting)).isNull());
        assertThat(walked).isEqualTo(sightings(model));
        assertThat(fleet.devices()).isEqualTo(model.size());
        assertThat(fleet.withoutSerial()).isEqualTo((int)
                model.values().stream().filter(step -> step.serial == null).count());
        assertThat(fleet.sharedSerials()).isEqualTo((int) bySerial(model).values().stream()
                .filter(steps -> steps.size() > 1)
                .count());
    }

    private static Map<SerialNumber, Sighting> sightings(Map<DeviceKey, Step> model) {
        Map<SerialNumber, Sighting> sightings = new HashMap<>();
        bySerial(model)
                .forEach((serial, steps) -> sightings.put(
                        serial,
                        Enrolments.choose(steps.stream().map(Step::device).toList())
                                .map(chosen -> Sighting.ofView(chosen, java.util.Optional.empty()))
                                .orElseThrow()));
        return sightings;
    }

    private static Map<SerialNumber, List<Step>> bySerial(Map<DeviceKey, Step> model) {
        return model.values().stream()
                .filter(step -> Objects.nonNull(step.serial))
                .collect(Collectors.groupingBy((Function<Step, SerialNumber>) Step::serial));
    }

    private static Enrolment enrolment(DeviceKey key, long checkIn, boolean removed) {
        return new Enrolment(
                key.accountId(),
                key.deviceId(),
                "Mac",
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                removed,
                null,
                checkIn,
                false,
                null,
                null,
                null,
                List.of(),
                Enrolment.NO_TIME,
                Doubt.NONE);
    }
}
