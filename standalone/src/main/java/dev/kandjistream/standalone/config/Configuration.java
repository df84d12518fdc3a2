package dev.kandjistream.standalone.config;

import dev.kandjistream.config.ConfigException;
import dev.kandjistream.config.Environment;
import dev.kandjistream.config.Fault;
import dev.kandjistream.config.Faults;
import dev.kandjistream.enricher.domain.Rules;
import dev.kandjistream.poller.AccountConfig;
import dev.kandjistream.poller.GroupSettings;
import dev.kandjistream.poller.RemovedAccount;
import dev.kandjistream.schemas.Topics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Everything that can be configured, checked. Valid or never constructed: see {@link ConfigReader}.
 *
 * @param dataDir folder for everything embedded, for stores and for logs
 * @param replicationFactor of topics that are missing; -1: the broker's default
 * @param accounts in the order of the file, then of {@code accounts_dir}; empty where the command needs none
 * @param rejected files of {@code accounts_dir} that are at fault
 * @param removed accounts that are not polled any more, and what becomes of their data
 * @param accountsDir folder of one file an account; empty where there is none
 * @param serials placeholders of serial numbers, for every service that finds or joins devices by serial number
 * @param posture empty: there is no posture service
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
        List<RemovedAccount> removed,
        Optional<Path> accountsDir,
        GroupSettings pollers,
        Rules rules,
        SerialSettings serials,
        EnricherSettings enricher,
        SinkSettings sink,
        Optional<PostureSettings> posture,
        Optional<KafkaSettings> kafka,
        Optional<RegistrySettings> registry,
        Optional<PostgresSettings> postgres,
        EmbeddedSettings embedded,
        OpsSettings ops,
        LogSettings log) {
    public Configuration {
        accounts = List.copyOf(accounts);
        rejected = List.copyOf(rejected);
        removed = List.copyOf(removed);
    }

    Configuration with(
            Path otherDataDir,
            List<AccountConfig> otherAccounts,
            Optional<PostureSettings> otherPosture,
            EmbeddedSettings otherPorts) {
        return new Configuration(
                otherDataDir,
                topics,
                replicationFactor,
                otherAccounts,
                rejected,
                removed,
                accountsDir,
                pollers,
                rules,
                serials,
                enricher,
                sink,
                otherPosture,
                kafka,
                registry,
                postgres,
                otherPorts,
                ops,
                log);
    }

    /** Keys, accounts apart, under which this one says something else than the other; in the order of the documentation. */
    List<String> keysThatDiffer(Configuration other) {
        var keys = new ArrayList<String>();
        BiConsumer<String, Function<Configuration, Object>> compare = (key, value) -> {
            if (!value.apply(this).equals(value.apply(other))) {
                keys.add(key);
            }
        };
        compare.accept("poller.instance_id or poller.session_timeout", Configuration::pollers);
        compare.accept("rules", Configuration::rules);
        compare.accept("placeholder_serials", Configuration::serials);
        compare.accept("kafka", read -> List.of(read.kafka(), read.topics(), read.replicationFactor()));
        compare.accept("schema_registry", Configuration::registry);
        compare.accept("postgres", Configuration::postgres);
        compare.accept("embedded", Configuration::embedded);
        compare.accept("data_dir", Configuration::dataDir);
        compare.accept("enricher", Configuration::enricher);
        compare.accept("sink", Configuration::sink);
        compare.accept("posture", Configuration::posture);
        compare.accept("ops", Configuration::ops);
        compare.accept("log", Configuration::log);
        return keys;
    }

    /**
     * Checks that nothing need be embedded.
     *
     * @param command whose need it is
     * @throws ConfigException naming everything that is missing
     */
    public void requireExternal(String command, boolean databaseToo) {
        var faults = new Faults();
        noteMissing(faults, command);
        if (databaseToo && postgres.isEmpty()) {
            missing(faults, command, "postgres.url", "the database's URL");
        }
        throwIfAny(faults);
    }

    /**
     * Checks that posture can run alone.
     *
     * @throws ConfigException naming everything that is missing
     */
    public void requirePosture() {
        var faults = new Faults();
        noteMissing(faults, "posture");
        if (posture.isEmpty()) {
            missingFile(
                    faults,
                    "posture.policy",
                    "the policy's file",
                    "kandji-stream policy show managed prints one to begin with");
            missingFile(faults, "posture.tokens", "the file of who may ask", "posture/README.md shows one");
        }
        throwIfAny(faults);
    }

    private void noteMissing(Faults faults, String command) {
        if (kafka.isEmpty()) {
            missing(faults, command, "kafka.bootstrap_servers", "the Kafka brokers as host:port");
        }
        if (registry.isEmpty()) {
            missing(faults, command, "schema_registry.url", "the schema registry's URL");
        }
    }

    private static void throwIfAny(Faults faults) {
        if (!faults.isEmpty()) {
            throw new ConfigException(faults.all());
        }
    }

    private static void missingFile(Faults faults, String key, String expected, String example) {
        faults.add(
                new Fault.Place("configuration", 0),
                key,
                expected,
                "nothing",
                "posture needs it; set the key or " + Environment.nameOf(key) + "; " + example);
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
