package dev.kandjistream.benchmarks.view;

import dev.kandjistream.raw.RawDevice;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * Devices as a poller publishes them, made up: five accounts; three users to four devices; few models, versions, blueprints
 * and tags; serial numbers and ids of their own, one device in a thousand with another's serial number; the API's row beside
 * them as text of about a kilobyte.
 */
final class RawFleet {
    private static final Instant NOW = Instant.parse("2026-01-05T09:00:00Z");
    private static final List<String> MODELS = models();
    private static final List<String> BLUEPRINTS =
            IntStream.range(0, 30).mapToObj(i -> "Blueprint " + i + " - Staff").toList();
    private static final List<String> TAGS =
            IntStream.range(0, 200).mapToObj(i -> "tag-" + i).toList();

    private final Random random = new Random(1);
    private final int devices;

    RawFleet(int devices) {
        this.devices = devices;
    }

    /** @param number 0 to all; the same devices in the same order each time, as long as they are asked for in order */
    RawDevice device(int number) {
        boolean mac = number % 3 != 0;
        String id = new UUID(random.nextLong(), random.nextLong()).toString();
        String user =
                "first%d.last%d".formatted(random.nextInt(5_000), random.nextInt(Math.max(1, devices * 3 / 4 / 100)));
        String model = MODELS.get(random.nextInt(MODELS.size()));
        var version = (mac ? "15." : "18.") + random.nextInt(7) + "." + random.nextInt(4);
        String blueprint = BLUEPRINTS.get(random.nextInt(BLUEPRINTS.size()));
        String serial = serial(number % 1000 == 999 ? number - 1 : number);
        Instant checkIn = NOW.minus(Duration.ofSeconds(random.nextInt(1_000_000)));
        List<String> tags = random.ints(random.nextInt(4), 0, TAGS.size())
                .mapToObj(TAGS::get)
                .toList();
        String platform = mac ? "Mac" : "iPhone";
        String json = json(id, serial, platform, model, version, user, blueprint, checkIn, tags);
        return RawDevice.newBuilder()
                .setAccountId("account-" + number % 5)
                .setDeviceId(id)
                .setSweepId("01JGTQ8X7ZC9W4M3N2P1R0S5T6")
                .setObservedAt(NOW)
                .setBaseline(true)
                .setDeviceName(user + "'s " + model)
                .setSerialNumber(serial)
                .setPlatform(platform)
                .setModel(model)
                .setOsVersion(version)
                .setLastCheckIn(checkIn)
                .setUserId(id)
                .setUserEmail(user + "@acme.com")
                .setUserName(user)
                .setUserArchived(false)
                .setBlueprintId(id)
                .setBlueprintName(blueprint)
                .setMdmEnabled(true)
                .setAgentInstalled(mac)
                .setAgentVersion("4.7.5 (5062)")
                .setIsMissing(false)
                .setIsRemoved(number % 50 == 0)
                .setFirstEnrollment(checkIn.minus(Duration.ofDays(400)))
                .setLastEnrollment(checkIn.minus(Duration.ofDays(30)))
                .setTags(tags)
                .setJson(json)
                .build();
    }

    /** Of the device with that number, ten characters as Apple's. */
    static String serial(int number) {
        return "C02X" + Integer.toString(36 * 36 * 36 * 36 * 36 + number, 36).toUpperCase(Locale.ROOT);
    }

    private String json(
            String id,
            String serial,
            String platform,
            String model,
            String version,
            String user,
            String blueprint,
            Instant checkIn,
            List<String> tags) {
        return """
                {"device_id":"%s","device_name":"%s's %s","model":"%s","serial_number":"%s","platform":"%s","os_version":"%s",\
                "supplemental_build_version":"24C101","supplemental_os_version_extra":"","last_check_in":"%s",\
                "user":{"email":"%s@acme.com","name":"%s","id":"%s","is_archived":false},"asset_tag":"A-%d",\
                "blueprint_id":"%s","mdm_enabled":true,"agent_installed":true,"is_missing":false,"is_removed":false,\
                "agent_version":"4.7.5 (5062)","first_enrollment":"%s","last_enrollment":"%s","blueprint_name":"%s",\
                "lost_mode_status":"","tags":["%s"],"network":{"mac_address":"%012x","ip":"10.0.%d.%d"},"uuid":"%s"}""".formatted(
                        id,
                        user,
                        model,
                        model,
                        serial,
                        platform,
                        version,
                        checkIn,
                        user,
                        user,
                        id,
                        random.nextInt(1_000_000),
                        new UUID(random.nextLong(), random.nextLong()),
                        checkIn,
                        checkIn,
                        blueprint,
                        String.join("\",\"", tags),
                        random.nextLong() & 0xffff_ffff_ffffL,
                        random.nextInt(256),
                        random.nextInt(256),
                        new UUID(random.nextLong(), random.nextLong()));
    }

    private static List<String> models() {
        return IntStream.range(0, 40)
                .mapToObj(i -> "MacBook Pro (%d-inch, Late %d)".formatted(13 + i % 4, 2015 + i / 4))
                .toList();
    }
}
