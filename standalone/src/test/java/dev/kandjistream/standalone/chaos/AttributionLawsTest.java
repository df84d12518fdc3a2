package dev.kandjistream.standalone.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.standalone.e2e.Logged;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The judge of attributions sees events that are missing, too many or out of order, though the last state is right. */
class AttributionLawsTest {
    private static final Instant T = Instant.parse("2026-01-05T08:00:00Z");

    private final List<Logged> raw = List.of(seen("ann"), seen("ben"), seen("ben"), seen(null), seen("ann"));

    private static Logged seen(String user) {
        Map<String, Object> device = entity(user);
        device.put("platform", "Mac");
        device.put("is_removed", false);
        return new Logged("chaos.raw.devices", 0, 0, T, "acme/d1", Map.of(), device);
    }

    private static Logged told(String user) {
        var envelope = new TreeMap<String, Object>();
        envelope.put("after", user == null ? null : entity(user));
        return new Logged("chaos.licenses", 0, 0, T, "acme/d1", Map.of(), envelope);
    }

    private static Map<String, Object> entity(String user) {
        var entity = new TreeMap<String, Object>();
        entity.put("user_id", user);
        entity.put("user_email", null);
        entity.put("user_name", null);
        entity.put("device_name", "Mac");
        return entity;
    }

    private List<String> broken(String... users) {
        var events = new ArrayList<Logged>();
        for (String user : users) {
            events.add(told(user));
        }
        return new AttributionLaws(Set.of("Mac")).brokenBy(raw, events);
    }

    @Test
    void whatWasSeenMayBeTold() {
        assertThat(broken("ann", "ben", null, "ann")).isEmpty();
    }

    @Test
    void anEventLostInTheMiddleIsNoticed() {
        assertThat(broken("ann", null, "ann")).singleElement().asString().startsWith("acme/d1");
    }

    @Test
    void anEndAndABeginningThatCameTwiceAreNoticed() {
        assertThat(broken("ann", "ben", null, "ann", null, "ann")).hasSize(1);
    }

    @Test
    void eventsOutOfOrderAreNoticed() {
        assertThat(broken("ben", "ann", null, "ann")).hasSize(1);
    }

    @Test
    void aDeviceThatWasNeverSeenIsNoticed() {
        assertThat(new AttributionLaws(Set.of()).brokenBy(List.of(), List.of(told("ann"))))
                .hasSize(1);
    }

    @Test
    void aPlatformWithoutSeatsHasNone() {
        assertThat(new AttributionLaws(Set.of("iPad")).brokenBy(raw, List.of())).isEmpty();
    }
}
