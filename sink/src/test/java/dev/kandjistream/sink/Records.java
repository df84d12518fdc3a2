package dev.kandjistream.sink;

import dev.kandjistream.change.Source;
import dev.kandjistream.decisions.Decision;
import dev.kandjistream.devices.Device;
import dev.kandjistream.licenses.License;
import dev.kandjistream.sweeps.Quota;
import dev.kandjistream.sweeps.RawEndOffset;
import dev.kandjistream.sweeps.SweepReceipt;
import dev.kandjistream.usage.Usage;
import dev.kandjistream.users.User;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** Records made by hand, as the enricher would publish them. */
public final class Records {
    public static final Instant OBSERVED = Instant.parse("2026-03-01T10:00:00.250Z");
    public static final Instant EMITTED = Instant.parse("2026-03-01T10:00:01.500Z");

    static {
        PlainAvro.trust();
    }

    private Records() {}

    /** An id that follows from the text, as real ones follow from their event. */
    public static String id(String text) {
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
    }

    public static Source source(String table) {
        return new Source("0.1.0", "kandji", "kandji", OBSERVED.toEpochMilli(), "false", "acme", table, "sweep-1");
    }

    public static Usage usage(String user, String app, String version) {
        return Usage.newBuilder()
                .setAccountId("acme")
                .setUserId(user)
                .setAppId(app)
                .setUserEmail(user + "@acme.example")
                .setAppName("App " + app)
                .setBundleId(app)
                .setVersions(List.of(version))
                .setDeviceCount(1)
                .setDeviceIds(List.of("device-of-" + user))
                .setFirstSeenAt(Instant.parse("2025-12-24T08:00:00Z"))
                .build();
    }

    public static dev.kandjistream.usage.Envelope usageEvent(
            String id, String type, String op, Usage before, Usage after) {
        return dev.kandjistream.usage.Envelope.newBuilder()
                .setBefore(before)
                .setAfter(after)
                .setOp(op)
                .setTsMs(EMITTED.toEpochMilli())
                .setSource(source("usage"))
                .setEventId(id(id))
                .setEventType("usage." + type)
                .setCause("APP_INSTALLED")
                .setObservedAt(OBSERVED)
                .build();
    }

    public static License license(String device, String user, Instant assigned) {
        return License.newBuilder()
                .setAccountId("acme")
                .setDeviceId(device)
                .setLicenseType("Mac")
                .setSerialNumber("SN-" + device)
                .setUserId(user)
                .setUserEmail(user + "@acme.example")
                .setUserStatus("ACTIVE")
                .setAssignedAt(assigned)
                .build();
    }

    public static dev.kandjistream.licenses.Envelope licenseEvent(
            String id, String type, String op, String cause, Instant observed, License before, License after) {
        return dev.kandjistream.licenses.Envelope.newBuilder()
                .setBefore(before)
                .setAfter(after)
                .setOp(op)
                .setTsMs(EMITTED.toEpochMilli())
                .setSource(source("licenses"))
                .setEventId(id(id))
                .setEventType("license." + type)
                .setCause(cause)
                .setObservedAt(observed)
                .build();
    }

    public static User user(String user, int devices) {
        return new User("acme", user, user + "@acme.example", "User " + user, "ACTIVE", devices, devices);
    }

    public static dev.kandjistream.users.Envelope userEvent(
            String id, String type, String op, User before, User after) {
        return dev.kandjistream.users.Envelope.newBuilder()
                .setBefore(before)
                .setAfter(after)
                .setOp(op)
                .setTsMs(EMITTED.toEpochMilli())
                .setSource(source("users"))
                .setEventId(id(id))
                .setEventType("user." + type)
                .setCause("USER_ASSIGNED")
                .setObservedAt(OBSERVED)
                .build();
    }

    public static Device device(String device, String user) {
        return Device.newBuilder()
                .setAccountId("acme")
                .setDeviceId(device)
                .setSerialNumber("SN-" + device)
                .setDeviceName("Mac of " + user)
                .setPlatform("Mac")
                .setMdmEnabled(true)
                .setTags(List.of("one", "a \"quoted\", {braced} tag"))
                .setUserId(user)
                .build();
    }

    public static dev.kandjistream.devices.Envelope deviceEvent(
            String id, String type, String op, Device before, Device after) {
        return dev.kandjistream.devices.Envelope.newBuilder()
                .setBefore(before)
                .setAfter(after)
                .setOp(op)
                .setTsMs(EMITTED.toEpochMilli())
                .setSource(source("devices"))
                .setEventId(id(id))
                .setEventType("device." + type)
                .setCause("DEVICE_ENROLLED")
                .setObservedAt(OBSERVED)
                .build();
    }

    /** Of device {@code acme/<device>}, refused because nobody knows whether it is managed. */
    public static Decision denied(String id, String device) {
        return Decision.newBuilder()
                .setDecisionId(id(id))
                .setDecidedAt(OBSERVED)
                .setClient("sign-in")
                .setSerialNumber("SN-" + device.toUpperCase(Locale.ROOT))
                .setPlatform("Mac")
                .setUserEmail("ada@acme.example")
                .setContext(Map.of("app", "vpn"))
                .setDecision("deny")
                .setRule("not-managed")
                .setMonitored(List.of("old-system"))
                .setMissing(List.of("mdm_enabled"))
                .setSource("view")
                .setDataAgeMs(41_500L)
                .setAccountId("acme")
                .setDeviceId(device)
                .setAttributes(
                        Map.of("connection", "stale", "connection_reason", "data_too_old", "tags", "[\"a \\\"b\\\"\"]"))
                .setPolicyVersion("9f2c000000000000")
                .build();
    }

    /** Of a serial number that nobody knows, where no rule matched. */
    public static Decision unknown(String id) {
        return Decision.newBuilder()
                .setDecisionId(id(id))
                .setDecidedAt(OBSERVED.plusSeconds(60))
                .setClient("sign-in")
                .setSerialNumber("NOBODY")
                .setDecision("deny")
                .setSource("live")
                .setPolicyVersion("9f2c000000000000")
                .build();
    }

    public static SweepReceipt receipt(String kind, String sweep, Instant finished, List<RawEndOffset> ends) {
        return receipt(kind, sweep, finished, "CONNECTED", ends);
    }

    public static SweepReceipt receipt(
            String kind, String sweep, Instant finished, String connection, List<RawEndOffset> ends) {
        boolean connected = "CONNECTED".equals(connection);
        return SweepReceipt.newBuilder()
                .setAccountId("acme")
                .setKind(kind)
                .setSweepId(sweep)
                .setStartedAt(finished.minusSeconds(60))
                .setFinishedAt(finished)
                .setVerdict(connected ? "COMPLETE" : "FAILED")
                .setConnection(connection)
                .setEndpoint(connected ? null : "GET /devices")
                .setStatus(connected ? null : 401)
                .setRequests(5)
                .setPages(4)
                .setRows(1000)
                .setDevices(1000)
                .setClaimedTotal(1000L)
                .setPublished(12)
                .setUnchanged(988)
                .setRetracted(0)
                .setWithheld(0)
                .setOversized(0)
                .setUnread(3)
                .setConfirmedAt(connected ? finished.minusSeconds(50) : null)
                .setQuota(new Quota(5000L, 17L, 4983L))
                .setLastCompleteAt(connected ? finished : null)
                .setLastCompleteSweepId(connected ? sweep : null)
                .setRawEndOffsets(ends)
                .build();
    }
}
