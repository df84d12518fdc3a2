package dev.kandjistream.posture;

import dev.kandjistream.raw.RawDevice;
import dev.kandjistream.simulator.KandjiSimulator;
import dev.kandjistream.simulator.Tenant;
import dev.kandjistream.simulator.fleet.Device;
import dev.kandjistream.simulator.fleet.Enrolment;
import dev.kandjistream.simulator.fleet.Hardware;
import dev.kandjistream.simulator.fleet.Person;
import dev.kandjistream.simulator.fleet.Platform;
import dev.kandjistream.simulator.http.RateLimits;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** An account's API with the Macs that the view knows too, and a newcomer for each, that it does not. */
final class StandInApi {
    private StandInApi() {}

    /** @param port 0 for a free one */
    static KandjiSimulator start(String account, int port, List<String> names) {
        KandjiSimulator api = KandjiSimulator.start(
                Tenant.us(account, 7)
                        .withDevices(0)
                        .withToken(Asker.TOKEN + "-of-the-api")
                        .withLimits(RateLimits.told()),
                port);
        Person ada = api.fleet().hire("Ada", Asker.EMAIL);
        for (String name : names) {
            enrol(api, ServiceStage.serial(account, name), ada);
            enrol(api, newcomer(account, name), ada);
        }
        return api;
    }

    static String newcomer(String account, String name) {
        return ServiceStage.serial(account, name + "-new");
    }

    /** The record as a sweep of the API would publish it: with the API's id and times. */
    static RawDevice.Builder published(KandjiSimulator api, RawDevice.Builder record) {
        Device device = api.fleet().devices().stream()
                .filter(one -> one.hardware().serial().equals(record.getSerialNumber()))
                .findFirst()
                .orElseThrow();
        return record.setDeviceId(device.id())
                .setLastCheckIn(Instant.ofEpochMilli(device.lastCheckIn() / 1000))
                .setLastEnrollment(Instant.ofEpochMilli(device.lastEnrolledAt() / 1000));
    }

    private static void enrol(KandjiSimulator api, String serial, Person person) {
        api.fleet().enrol(new Enrolment(Hardware.of(Platform.MAC, serial), "Mac", person, List.of()));
    }

    /** Ends when released, or when the API stops. */
    static void await(CountDownLatch released) {
        try {
            released.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
