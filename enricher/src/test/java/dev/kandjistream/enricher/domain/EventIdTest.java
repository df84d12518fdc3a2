package dev.kandjistream.enricher.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class EventIdTest {
    private final EventId ids = new EventId();

    private static Evidence evidence(String deviceId, String deviceSweep, String appSweep, int rules) {
        return new Evidence("acme", deviceId, deviceSweep, appSweep, rules, "any", Instant.EPOCH);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Worked out with another language's SHA-256 from the layout as documented. */
    @Test
    void idsAreThoseOfTheDocumentedLayout() {
        assertThat(ids.of(
                        "kandji.usage",
                        utf8("acme/7/com.figma"),
                        EventType.USAGE_STARTED,
                        evidence("d1", "s-0001", "a-0001", 1)))
                .isEqualTo("448f861a-995e-8df2-b881-6d175c46ae68");
        assertThat(ids.of(
                        "kandji.licenses",
                        utf8("acme/d\u00e9"),
                        EventType.LICENSE_ASSIGNED,
                        evidence("d\u00e9", "s-0001", "", 12)))
                .isEqualTo("ca9fdbed-098d-8b60-b80e-2137d60de534");
    }

    @Property
    void partsCannotFlowIntoEachOther(@ForAll String a, @ForAll String b) {
        String one = ids.of("t", utf8(a), EventType.USAGE_ENDED, evidence(b, "s", "a", 1));
        String other = ids.of("t", utf8(a + "x"), EventType.USAGE_ENDED, evidence(b, "s", "a", 1));
        String third = ids.of("t", utf8(a), EventType.USAGE_ENDED, evidence("x" + b, "s", "a", 1));

        assertThat(one).isNotEqualTo(other).isNotEqualTo(third);
        assertThat(other).isNotEqualTo(third);
        assertThat(one).isEqualTo(ids.of("t", utf8(a), EventType.USAGE_ENDED, evidence(b, "s", "a", 1)));
    }
}
