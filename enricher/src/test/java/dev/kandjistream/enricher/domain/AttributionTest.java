package dev.kandjistream.enricher.domain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AttributionTest {
    @Test
    void aUserWithAnIdIsKnownByIt() {
        var ann = Attribution.of("40117", "Ann@Example.com", "Ann", true, false);

        assertThat(ann).isEqualTo(new Attribution("40117", "ann@example.com", "Ann", true));
        assertThat(ann.isAttributed()).isTrue();
    }

    @Test
    void aUserWithoutAnIdIsKnownByTheLowerCasedEmail() {
        assertThat(Attribution.of(" ", "Ann@Example.com", null, null, false))
                .isEqualTo(new Attribution("email:ann@example.com", "ann@example.com", null, false));
    }

    @Test
    void aNameAloneIsNobody() {
        assertThat(Attribution.of(null, "", "Shared iPad", false, false).isAttributed())
                .isFalse();
    }

    @Test
    void aRemovedDeviceIsNobodysAndSaysNothingOfItsUser() {
        assertThat(Attribution.of("7", "ann@example.com", "Ann", false, true))
                .isEqualTo(new Attribution(null, null, null, null));
    }

    @Test
    void theEmailTellsWhoIsTheSamePersonAndTheIdWhereThereIsNone() {
        var ann = Attribution.of("7", "ann@example.com", "Ann", false, false);

        assertThat(ann.isSamePersonAs(Attribution.of("uuid", "ann@example.com", "A.", true, false)))
                .isTrue();
        assertThat(ann.isSamePersonAs(Attribution.of("7", "ann.lee@example.com", "Ann", false, false)))
                .isFalse();
        assertThat(ann.isSamePersonAs(Attribution.of("7", null, "Ann", false, false)))
                .isTrue();
        assertThat(ann.isSamePersonAs(Attribution.of("8", null, "Ann", false, false)))
                .isFalse();
    }
}
