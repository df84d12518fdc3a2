package dev.kandjistream.standalone.run;

import dev.kandjistream.poller.AccountList;
import dev.kandjistream.poller.PollerService;
import dev.kandjistream.poller.SweepListener;
import dev.kandjistream.standalone.config.Configuration;
import dev.kandjistream.standalone.config.KafkaSettings;
import dev.kandjistream.standalone.config.RegistrySettings;
import dev.kandjistream.standalone.ops.Health;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;

/** One service on a broker, a registry and a database that others run. */
public final class SingleService implements AutoCloseable {
    private final Service service;

    private SingleService(Service service) {
        this.service = service;
    }

    /** @param accounts what becomes of the configuration's accounts while it runs */
    public static SingleService poller(Configuration configuration, AccountList.Source accounts, MeterRegistry meters) {
        PollerService poller =
                Services.poller(configuration, clientProperties(configuration), meters, SweepListener.NONE);
        poller.follow(accounts, Services.FOLLOWING);
        return new SingleService(Services.service(poller));
    }

    public static SingleService enricher(Configuration configuration, MeterRegistry meters) {
        return new SingleService(Services.enricher(configuration, clientProperties(configuration), meters));
    }

    public static SingleService sink(Configuration configuration, MeterRegistry meters) {
        return new SingleService(Services.sink(
                configuration,
                clientProperties(configuration),
                configuration.postgres().orElseThrow(),
                meters));
    }

    public static SingleService posture(Configuration configuration, MeterRegistry meters) {
        return new SingleService(Services.service(Services.posture(
                configuration, configuration.posture().orElseThrow(), clientProperties(configuration), meters)));
    }

    /** Starts it and has its health told. */
    public void start(Health health) {
        health.watch(service.name(), service.part());
        service.start().run();
    }

    @Override
    public void close() {
        service.close().run();
    }

    private static Map<String, Object> clientProperties(Configuration configuration) {
        KafkaSettings kafka = configuration.kafka().orElseThrow();
        RegistrySettings registry = configuration.registry().orElseThrow();
        var properties = new HashMap<String, Object>(kafka.properties());
        properties.put("bootstrap.servers", kafka.bootstrapServers());
        properties.putAll(registry.properties());
        properties.put("schema.registry.url", registry.url());
        return Map.copyOf(properties);
    }
}
