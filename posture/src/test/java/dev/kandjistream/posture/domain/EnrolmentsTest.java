package dev.kandjistream.posture.domain;

import static dev.kandjistream.posture.domain.Devices.HOUR;
import static dev.kandjistream.posture.domain.Devices.NOW;
import static dev.kandjistream.posture.domain.Devices.mac;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class EnrolmentsTest {
    private static final Enrolment EARLIER = mac("acme", "a", NOW - 5 * HOUR, NOW - HOUR, false);
    private static final Enrolment LATER = mac("acme", "b", NOW - 2 * HOUR, NOW - 3 * HOUR, false);
    private static final Enrolment REMOVED = mac("globex", "c", NOW - HOUR, NOW - HOUR, true);

    @Test
    void theOneThatCheckedInLastSpeaks() {
        assertThat(Enrolments.choose(List.of(EARLIER, LATER))).contains(new Enrolments.Chosen(LATER, true));
    }

    @Test
    void aRemovedOneSpeaksOnlyForWantOfAnother() {
        assertThat(Enrolments.choose(List.of(REMOVED, EARLIER))).contains(new Enrolments.Chosen(EARLIER, false));
        assertThat(Enrolments.choose(List.of(REMOVED))).contains(new Enrolments.Chosen(REMOVED, false));
    }

    @Test
    void twoRemovedOnesAreNotTwoDevicesThatLive() {
        Enrolment removedToo = mac("acme", "d", NOW - 2 * HOUR, NOW, true);
        assertThat(Enrolments.choose(List.of(REMOVED, removedToo)).orElseThrow().ambiguous())
                .isFalse();
    }

    @Test
    void whereNeitherEverCheckedInTheLaterEnrolmentSpeaks() {
        Enrolment first = mac("acme", "a", Enrolment.NO_TIME, NOW - HOUR, false);
        Enrolment second = mac("acme", "b", Enrolment.NO_TIME, NOW, false);
        assertThat(Enrolments.choose(List.of(second, first)).orElseThrow().enrolment())
                .isEqualTo(second);
    }

    @Test
    void oneDeviceIdInTwoAccountsIsTwoDevices() {
        Enrolment here = mac("acme", "a", NOW, NOW, false);
        Enrolment there = mac("globex", "a", NOW, NOW, false);
        assertThat(Enrolments.choose(List.of(here, there)).orElseThrow().ambiguous())
                .isTrue();
    }

    @Test
    void ofNoneNoneSpeaks() {
        assertThat(Enrolments.choose(List.of())).isEmpty();
    }

    @Property
    void inWhateverOrderTheyCameTheSameOneSpeaks(
            @ForAll List<@net.jqwik.api.constraints.IntRange(max = 3) Integer> ages, @ForAll long seed) {
        var enrolments = new ArrayList<Enrolment>();
        for (int i = 0; i < ages.size(); i++) {
            enrolments.add(mac("acme", "device-" + i, NOW - ages.get(i) * HOUR, NOW, i % 3 == 0));
        }
        var shuffled = new ArrayList<>(enrolments);
        Collections.shuffle(shuffled, new Random(seed));
        assertThat(Enrolments.choose(shuffled)).isEqualTo(Enrolments.choose(enrolments));
    }
}
