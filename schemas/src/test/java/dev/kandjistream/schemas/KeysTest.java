package dev.kandjistream.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

class KeysTest {
    @Test
    void segmentsAreJoinedBySlashes() {
        assertThat(Keys.of("acme", "3f1c", "com.example.app")).isEqualTo("acme/3f1c/com.example.app");
    }

    @Test
    void percentSlashAndControlCharactersAreEncodedAndNothingElse() {
        assertThat(Keys.of("a/b", "100%", "x\ny\u0085", "übung 東京 :@+"))
                .isEqualTo("a%2Fb/100%25/x%0Ay%C2%85/übung 東京 :@+");
    }

    @Property
    void splitGivesBackTheSegmentsEvenAfterTheWayThroughBytes(@ForAll("segments") List<String> segments) {
        byte[] wire = Keys.of(segments.toArray(String[]::new)).getBytes(StandardCharsets.UTF_8);

        assertThat(Keys.split(new String(wire, StandardCharsets.UTF_8))).isEqualTo(segments);
    }

    @Property
    void differentSegmentsMakeDifferentKeys(
            @ForAll("segments") List<String> one, @ForAll("segments") List<String> other) {
        assertThat(Keys.of(one.toArray(String[]::new)).equals(Keys.of(other.toArray(String[]::new))))
                .isEqualTo(one.equals(other));
    }

    @Property
    void keysHoldNoControlCharacterAndOneSlashBetweenSegments(@ForAll("segments") List<String> segments) {
        String key = Keys.of(segments.toArray(String[]::new));

        assertThat(key.chars().noneMatch(Character::isISOControl)).isTrue();
        assertThat(key.chars().filter(c -> c == '/')).hasSize(segments.size() - 1);
    }

    /** Mostly of the characters that could go wrong, and short, so that near-collisions are common. */
    @Provide
    Arbitrary<List<String>> segments() {
        return Arbitraries.frequencyOf(
                        Tuple.of(
                                3,
                                Arbitraries.strings()
                                        .withChars("%/25F0Aab\n\u0085")
                                        .ofMaxLength(4)),
                        Tuple.of(1, Arbitraries.strings().ofMaxLength(8)))
                .filter(text -> StandardCharsets.UTF_8.newEncoder().canEncode(text))
                .list()
                .ofMinSize(1)
                .ofMaxSize(3);
    }
}
