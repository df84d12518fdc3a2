package dev.kandjistream.enricher.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ChunksTest {
    private static UserChange.AppPart app(int number, int nameLength) {
        var facts = new AppFacts("n".repeat(nameLength), null, null, null, null, null);
        var contribution =
                new Contribution<>("d", Instant.EPOCH, null, null, 0, List.<String>of(), new UsageFacts(null, facts));
        return new UserChange.AppPart(
                String.valueOf(number), new UserChange.Part<>(Cause.APP_INSTALLED, false, contribution));
    }

    @Property(tries = 100)
    void chunksAreBoundedAndTogetherAreTheWhole(
            @ForAll @IntRange(max = 1500) int apps, @ForAll @IntRange(max = 3000) int nameLength) {
        var evidence = new Evidence("acme", "d", "s", "a", 1, "a", Instant.EPOCH);
        var user = new UserChange.Part<UserFacts>(Cause.DEVICE_REMOVED, false, null);
        var parts = IntStream.range(0, apps).mapToObj(i -> app(i, nameLength)).toList();
        var chunks = Chunks.of(new UserChange("7", evidence, null, user, parts));

        var together = new ArrayList<UserChange.AppPart>();
        chunks.forEach(chunk -> together.addAll(chunk.apps()));
        assertThat(together).isEqualTo(parts);
        assertThat(chunks.get(0).user()).isEqualTo(user);
        assertThat(chunks.stream().skip(1)).allMatch(chunk -> chunk.user() == null);
        assertThat(chunks)
                .allMatch(chunk -> chunk.apps().size() <= Chunks.APPS
                        && chunk.apps().size() * (long) nameLength <= Chunks.CHARACTERS);
    }
}
