package dev.kandjistream.enricher.domain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    void idsAndEmailsAreTrimmed() {
        assertThat(Attribution.of("\u00a040117 ", "\tAnn@Example.com\ufeff", "Ann", false, false))
                .isEqualTo(new Attribution("40117", "ann@example.com", "Ann", false));
        assertThat(Attribution.of("\u2003", "\u200b", "Ann", false, false).isAttributed())
                .isFalse();
    }

    /** Each of the two may have an id and an email. The samples cover all cases up to renaming. */
    @ParameterizedTest
    @CsvSource({
        "7,ann@x, 7,ann@x, true",
        "7,ann@x, 7,lee@x, true",
        "7,ann@x, 8,ann@x, true",
        "7,ann@x, 8,lee@x, false",
        "7,ann@x, 7,     , true",
        "7,ann@x, 8,     , false",
        "7,ann@x,  ,ann@x, true",
        "7,ann@x,  ,lee@x, false",
        "7,     , 7,     , true",
        "7,     , 8,     , false",
        " ,ann@x,  ,ann@x, true",
        " ,ann@x,  ,lee@x, false",
        "7,     ,  ,ann@x, false",
    })
    void theSameIdOrTheSameEmailIsTheSamePerson(
            String id, String email, String otherId, String otherEmail, boolean same) {
        var one = Attribution.of(id, email, "Ann", false, false);
        var other = Attribution.of(otherId, otherEmail, "A. Lee", true, false);

        assertThat(one.isSamePersonAs(other)).isEqualTo(same);
        assertThat(other.isSamePersonAs(one)).isEqualTo(same);
    }
}
