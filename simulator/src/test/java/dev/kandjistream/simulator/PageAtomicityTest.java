package dev.kandjistream.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.simulator.fleet.App;
import dev.kandjistream.simulator.fleet.Device;
import dev.kandjistream.simulator.fleet.Enrolment;
import dev.kandjistream.simulator.fleet.Person;
import dev.kandjistream.simulator.fleet.Platform;
import dev.kandjistream.simulator.http.RateLimits;
import java.util.HashSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PageAtomicityTest {
    @Test
    void aPageShowsTheFleetBeforeOrAfterAChange() throws Exception {
        Tenant tenant = Tenant.us("acme", 1).withDevices(0).withLimits(RateLimits.told());
        try (var simulator = KandjiSimulator.start(tenant)) {
            Person one = simulator.fleet().hire("One", "one@acme.example");
            Person two = simulator.fleet().hire("Two", "two@acme.example");
            App[] apps = IntStream.range(0, 200)
                    .mapToObj(i -> App.mac("a" + i, "com.example.a" + i, "1"))
                    .toArray(App[]::new);
            Device device = simulator
                    .fleet()
                    .enrol(Enrolment.of(Platform.MAC, "S", "d").assignedTo(one).with(apps));
            var over = new AtomicBoolean();
            var changes = new Thread(() -> {
                while (!over.get()) {
                    simulator.fleet().changing(() -> {
                        simulator.fleet().assign(device, two);
                        simulator.fleet().install(device, App.mac("with two", "com.example.two", "1"));
                        return null;
                    });
                    simulator.fleet().changing(() -> {
                        simulator.fleet().uninstall(device, App.mac("with two", "com.example.two", "1"));
                        simulator.fleet().assign(device, one);
                        return null;
                    });
                }
            });
            changes.start();
            var api = new ApiClient(simulator);
            var seen = new HashSet<String>();
            for (int i = 0; i < 60; i++) {
                var page = api.json("/prism/apps?limit=300").path("data");
                seen.add(page.size() + " " + new HashSet<>(page.findValuesAsText("device__user_name")));
            }
            over.set(true);
            changes.join();

            assertThat(seen).isSubsetOf("200 [One]", "201 [Two]").isNotEmpty();
        }
    }
}
