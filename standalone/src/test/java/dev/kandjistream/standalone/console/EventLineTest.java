package dev.kandjistream.standalone.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.change.Source;
import dev.kandjistream.licenses.License;
import dev.kandjistream.usage.Usage;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventLineTest {
    private static final Instant AT = Instant.parse("2026-01-05T09:30:07Z");

    private final EventLine line = new EventLine(
            Terminal.plain(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8)),
            ZoneOffset.UTC,
            (account, user) -> user.equals("u-1") ? Optional.of("Ada Lovelace") : Optional.empty());

    @Test
    void aSeatThatIsAssigned() {
        assertThat(line.of(license("license.assigned", "c", "USER_ASSIGNED", null, seat("Ada Lovelace", "ACTIVE"))))
                .isEqualTo("09:30:07  acme    + seat Mac \"Ada’s Mac\" goes to Ada Lovelace  (user assigned)");
    }

    @Test
    void aSeatThatChangesHands() {
        assertThat(line.of(license(
                        "license.reassigned",
                        "u",
                        "USER_CHANGED",
                        seat("Ada Lovelace", "ACTIVE"),
                        seat("Grace Hopper", "ACTIVE"))))
                .isEqualTo(
                        "09:30:07  acme    ~ seat Mac \"Ada’s Mac\" goes from Ada Lovelace to Grace Hopper  (user changed)");
    }

    @Test
    void aUserWithAnotherEmailIsToldApartByIt() {
        License before = seat("Ada Lovelace", "ACTIVE");
        License after =
                License.newBuilder(before).setUserEmail("ada.l@acme.example").build();
        assertThat(line.of(license("license.reassigned", "u", "USER_CHANGED", before, after)))
                .contains(" goes from Ada Lovelace (u-1) to Ada Lovelace (ada.l@acme.example)  (user changed)");
    }

    @Test
    void aSeatWhoseUserIsArchived() {
        assertThat(line.of(license(
                        "license.updated",
                        "u",
                        "USER_ARCHIVED",
                        seat("Ada Lovelace", "ACTIVE"),
                        seat("Ada Lovelace", "ARCHIVED"))))
                .isEqualTo(
                        "09:30:07  acme    ~ seat Mac \"Ada’s Mac\" of Ada Lovelace: status ACTIVE → ARCHIVED  (user archived)");
    }

    @Test
    void aSeatThatIsGivenUp() {
        assertThat(line.of(license("license.revoked", "d", "DEVICE_REMOVED", seat("Ada Lovelace", "ACTIVE"), null)))
                .isEqualTo(
                        "09:30:07  acme    - seat Mac \"Ada’s Mac\" no longer counts for Ada Lovelace  (device removed)");
    }

    @Test
    void anAppThatCameWentAndWasUpdated() {
        assertThat(line.of(usage("usage.started", "c", "APP_INSTALLED", null, figma("u-1", "125.3"))))
                .isEqualTo("09:30:07  acme    + app  Ada Lovelace has Figma 125.3  (app installed)");
        assertThat(line.of(usage("usage.updated", "u", "APP_UPDATED", figma("u-1", "125.3"), figma("u-1", "126.0"))))
                .isEqualTo("09:30:07  acme    ~ app  Ada Lovelace: Figma 125.3 → 126.0  (app updated)");
        assertThat(line.of(usage("usage.ended", "d", "APP_REMOVED", figma("u-2", "126.0"), null)))
                .isEqualTo("09:30:07  acme    - app  ada@acme.example no longer has Figma 126.0  (app removed)");
    }

    @Test
    void namesCannotSteerTheTerminal() {
        License evil = seat("Ada\u001B[2J\n", "ACTIVE");
        assertThat(line.of(license("license.assigned", "c", "USER_ASSIGNED", null, evil)))
                .doesNotContain("\u001B", "\n");
    }

    private static License seat(String person, String status) {
        return License.newBuilder()
                .setAccountId("acme")
                .setDeviceId("d-1")
                .setLicenseType("Mac")
                .setDeviceName("Ada’s Mac")
                .setUserId("u-1")
                .setUserName(person)
                .setUserStatus(status)
                .build();
    }

    private static Usage figma(String user, String version) {
        return app(user, "Figma", version);
    }

    static Usage app(String user, String name, String version) {
        return Usage.newBuilder()
                .setAccountId("acme")
                .setUserId(user)
                .setUserEmail("ada@acme.example")
                .setAppId("name:" + name)
                .setAppName(name)
                .setVersions(List.of(version))
                .setDeviceCount(1)
                .build();
    }

    private static dev.kandjistream.licenses.Envelope license(
            String type, String op, String cause, License before, License after) {
        return dev.kandjistream.licenses.Envelope.newBuilder()
                .setBefore(before)
                .setAfter(after)
                .setOp(op)
                .setTsMs(AT.toEpochMilli())
                .setSource(source("licenses"))
                .setEventId("e")
                .setEventType(type)
                .setCause(cause)
                .setObservedAt(AT)
                .build();
    }

    static dev.kandjistream.usage.Envelope usage(String type, String op, String cause, Usage before, Usage after) {
        return dev.kandjistream.usage.Envelope.newBuilder()
                .setBefore(before)
                .setAfter(after)
                .setOp(op)
                .setTsMs(AT.toEpochMilli())
                .setSource(source("usage"))
                .setEventId("e")
                .setEventType(type)
                .setCause(cause)
                .setObservedAt(AT)
                .build();
    }

    private static Source source(String table) {
        return Source.newBuilder()
                .setVersion("0.1.0")
                .setConnector("kandji")
                .setName("kandji")
                .setTsMs(AT.toEpochMilli())
                .setSnapshot("false")
                .setDb("acme")
                .setTable(table)
                .setSweepId("s")
                .build();
    }
}
