package dev.kandjistream.standalone.config;

import dev.kandjistream.enricher.domain.Rules;
import dev.kandjistream.poller.AccountConfig;
import dev.kandjistream.poller.GroupSettings;
import dev.kandjistream.schemas.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Everything that can be configured, checked. Valid or never constructed: see {@link ConfigReader}.
 *
 * @param dataDir folder for everything embedded, for stores and for logs
 * @param replicationFactor of topics that are missing; -1: the broker's default
 * @param accounts in the order of the file, then of {@code accounts_dir}; empty where the command needs none
 * @param rejected files of {@code accounts_dir} that are at fault
 * @param kafka empty: embedded
 * @param registry empty: embedded
 * @param postgres empty: embedded
 */
public record Configuration(
        Path dataDir,
        Topics topics,
        short replicationFactor,
        List<AccountConfig> accounts,
        List<RejectedAccount> rejected,
        GroupSettings pollers,
        Rules rules,
        EnricherSettings enricher,
        SinkSettings sink,
        Optional<KafkaSettings> kafka,
        Optional<RegistrySettings> registry,
        Optional<PostgresSettings> postgres,
        EmbeddedSettings embedded,
        OpsSettings ops,
        LogSettings log) {
    public Configuration {
        accounts = List.copyOf(accounts);
        rejected = List.copyOf(rejected);
    }

    Configuration with(Path otherDataDir, List<AccountConfig> otherAccounts, EmbeddedSettings otherPorts) {
        return new Configuration(
                otherDataDir,
                topics,
                replicationFactor,
                otherAccounts,
                rejected,
                pollers,
                rules,
                enricher,
                sink,
                kafka,
                registry,
                postgres,
                otherPorts,
                ops,
                log);
    }

    /**
     * Checks that nothing need be embedded.
     *
     * @param command whose need it is
     * @throws ConfigException naming everything that is missing
     */
    public void requireExternal(String command, boolean databaseToo) {
        var faults = new Faults();
        if (kafka.isEmpty()) {
            missing(faults, command, "kafka.bootstrap_servers", "the Kafka brokers as host:port");
        }
        if (registry.isEmpty()) {
            missing(faults, command, "schema_registry.url", "the schema registry's URL");
        }
        if (databaseToo && postgres.isEmpty()) {
            missing(faults, command, "postgres.url", "the database's URL");
        }
        if (!faults.isEmpty()) {
            throw new ConfigException(faults.all());
        }
    }

    private static void missing(Faults faults, String command, String key, String expected) {
        faults.add(
                new Fault.Place("configuration", 0),
                key,
                expected,
                "nothing",
                command + " runs alone and embeds nothing (up does); set the key or " + Environment.nameOf(key));
    }
}
