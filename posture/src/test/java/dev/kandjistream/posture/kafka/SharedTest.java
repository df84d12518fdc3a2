package dev.kandjistream.posture.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SharedTest {
    @Property
    void whatComesOutEqualsWhatWentIn(@ForAll List<String> texts) {
        var shared = new Shared<String>(8);
        for (String text : texts) {
            assertThat(shared.of(text)).isEqualTo(text);
        }
    }

    @Test
    void aWordThatIsUsedStaysOneObjectHoweverManyOthersComeBy() {
        var shared = new Shared<String>(1 << 13);
        var seen = new IdentityHashMap<String, Boolean>();
        IntStream.range(0, 100_000).forEach(i -> {
            seen.put(shared.of(new String("MacBook Pro")), true);
            shared.of("one of many: " + i);
        });

        assertThat(seen).hasSize(1);
    }

    @Test
    void nullStaysNull() {
        assertThat(new Shared<String>(4).of(null)).isNull();
    }
}
