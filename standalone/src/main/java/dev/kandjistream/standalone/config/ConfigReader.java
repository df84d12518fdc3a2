package dev.kandjistream.standalone.config;

import dev.kandjistream.config.ConfigException;
import dev.kandjistream.config.Environment;
import dev.kandjistream.config.Faults;
import dev.kandjistream.config.Node;
import dev.kandjistream.config.Section;
import dev.kandjistream.config.Type;
import dev.kandjistream.config.YamlTree;
import dev.kandjistream.enricher.domain.Rules;
import dev.kandjistream.poller.AccountConfig;
import dev.kandjistream.schemas.RecordLimits;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.UnreadableRun;
import dev.kandjistream.sink.SinkConfig;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * File and environment to {@link Configuration}. Reading goes on after a fault, so that all of them are reported at
 * once; the keys read here are all the keys there are.
 *
 * <p>A variable wins over the file. Relative paths start at the folder of the file that names them, and at the working
 * directory where a variable does.
 */
public final class ConfigReader {
    static final Set<String> DEFAULT_SUPPRESSED_WORDS = Set.of("helper", "updater");
    static final Set<String> DEFAULT_LICENSE_TYPES = Set.of("Mac", "iPhone", "iPad");

    private static final int BROKERS_DEFAULT = -1;
    private static final Type<String> PREFIX_FORM =
            Type.matching("[A-Za-z0-9][A-Za-z0-9._-]{0,99}", "letters, digits, dots, dashes, underscores, at most 100");
    private static final Type<String> SERVERS_FORM =
            Type.matching("[^\\s,]+:\\d{1,5}(\\s*,\\s*[^\\s,]+:\\d{1,5})*", "host:port, several separated by commas");

    private final Section root;
    private final Section.Source source;
    private final Set<Part> parts;

    private ConfigReader(Section root, Section.Source source, Set<Part> parts) {
        this.root = root;
        this.source = source;
        this.parts = parts;
    }

    /**
     * Reads what these parts need.
     *
     * @param file empty: everything comes from the environment
     * @throws ConfigException with every fault there is
     */
    public static Configuration read(Optional<Path> file, Map<String, String> environment, Set<Part> parts) {
        var faults = new Faults();
        var variables = new Environment(environment);
        Path folder = file.map(given -> given.toAbsolutePath().getParent()).orElse(Path.of(""));
        var source = new Section.Source(file.map(Path::toString).orElse("environment"), folder, variables, faults);
        Node.Mapping mapping = file.map(given -> YamlTree.read(given, faults)).orElse(Node.Mapping.EMPTY);
        if (mapping == Node.Mapping.EMPTY && !faults.isEmpty()) {
            // Nothing could be read, and what would be found missing now is in the file after all.
            throw new ConfigException(faults.all());
        }
        var reader = new ConfigReader(Section.root(mapping, source), source, parts);
        Configuration configuration = reader.configuration();
        if (!faults.isEmpty()) {
            throw new ConfigException(faults.all());
        }
        return configuration;
    }

    /** Defaults for everything, all of it embedded: for demos and tests. */
    public static Configuration embedded(
            Path dataDir, List<AccountConfig> accounts, Optional<PostureSettings> posture, EmbeddedSettings ports) {
        var source = new Section.Source("", Path.of(""), new Environment(Map.of()), new Faults());
        var reader = new ConfigReader(Section.root(Node.Mapping.EMPTY, source), source, Set.of());
        return reader.configuration().with(dataDir, accounts, posture, ports);
    }

    /** Every environment variable that stands for a key of its own, accounts left out. */
    static Set<String> variables() {
        var variables = new Environment(Map.of());
        var source = new Section.Source("", Path.of(""), variables, new Faults());
        new ConfigReader(Section.root(Node.Mapping.EMPTY, source), source, Part.ALL).configuration();
        return variables.known();
    }

    private Configuration configuration() {
        Path dataDir = root.read("data_dir", Type.PATH, Path.of("data"));
        Optional<PostureSettings> posture = posture();
        var accounts = accounts(posture.flatMap(PostureSettings::live).isPresent());
        Rules rules = rules();
        SerialSettings serials = root.read("placeholder_serials", Type.WORDS)
                .map(SerialSettings::new)
                .orElse(SerialSettings.DEFAULT);
        EnricherSettings enricher = enricher();
        Kafka kafka = kafka();
        Optional<RegistrySettings> registry = registry();
        Optional<PostgresSettings> postgres = postgres();
        var configuration = new Configuration(
                dataDir,
                kafka.topics(),
                kafka.replicationFactor(),
                accounts.accepted(),
                accounts.rejected(),
                accounts.removed(),
                accounts.folder(),
                accounts.group(),
                rules,
                serials,
                enricher,
                sink(),
                posture,
                kafka.external(),
                registry,
                postgres,
                embedded(),
                ops(),
                log());
        root.reportUnknown();
        source.environment().reportUnknown(source.faults());
        return configuration;
    }

    private Optional<PostureSettings> posture() {
        if (!parts.contains(Part.POSTURE)) {
            root.skip("posture");
            return Optional.empty();
        }
        return new PostureReader(root.section("posture")).read();
    }

    /** @param asked whether posture asks their APIs */
    private AccountsReader.Accounts accounts(boolean asked) {
        if (parts.contains(Part.POLLER) || asked) {
            return new AccountsReader(root, source).read();
        }
        List.of("accounts", "accounts_dir", "removed_accounts", "poller").forEach(root::skip);
        return AccountsReader.Accounts.NONE;
    }

    private Rules rules() {
        if (!parts.contains(Part.ENRICHER)) {
            root.skip("rules");
            return new Rules(1, DEFAULT_SUPPRESSED_WORDS, DEFAULT_LICENSE_TYPES);
        }
        Section section = root.section("rules");
        int version = section.read("version", Type.number(1, Integer.MAX_VALUE), 1);
        Set<String> words = section.read("suppressed_words", Type.WORDS)
                .<Set<String>>map(LinkedHashSet::new)
                .orElse(DEFAULT_SUPPRESSED_WORDS);
        Set<String> types = section.read("license_types", Type.WORDS)
                .<Set<String>>map(LinkedHashSet::new)
                .orElse(DEFAULT_LICENSE_TYPES);
        Set<String> placeholders = section.read("placeholder_bundle_ids", Type.WORDS)
                .<Set<String>>map(LinkedHashSet::new)
                .orElse(Rules.DEFAULT_PLACEHOLDER_BUNDLE_IDS);
        section.reportUnknown();
        return new Rules(version, words, types, placeholders);
    }

    private EnricherSettings enricher() {
        if (!parts.contains(Part.ENRICHER)) {
            root.skip("enricher");
            return new EnricherSettings(Optional.empty(), 1, 0, Optional.empty(), UnreadableRun.DEFAULT_LIMIT);
        }
        Section section = root.section("enricher");
        var settings = new EnricherSettings(
                section.read("state_dir", Type.PATH),
                section.read("threads", Type.number(1, 24), defaultThreads()),
                section.read("standby_replicas", Type.number(0, 8), 0),
                section.read(
                        "instance_id",
                        Type.matching("[A-Za-z0-9._-]{1,200}", "letters, digits, dots, dashes, underscores")),
                unreadableInARow(section));
        section.reportUnknown();
        return settings;
    }

    private SinkSettings sink() {
        if (!parts.contains(Part.SINK)) {
            root.skip("sink");
            return new SinkSettings(
                    SinkConfig.DEFAULT_CONSUMERS, SinkConfig.DEFAULT_BATCH_RECORDS, UnreadableRun.DEFAULT_LIMIT);
        }
        Section section = root.section("sink");
        var settings = new SinkSettings(
                section.read("consumers", Type.number(1, 12), SinkConfig.DEFAULT_CONSUMERS),
                section.read("batch_records", Type.number(1, 100_000), SinkConfig.DEFAULT_BATCH_RECORDS),
                unreadableInARow(section));
        section.reportUnknown();
        return settings;
    }

    private static int unreadableInARow(Section section) {
        return section.read("unreadable_in_a_row", Type.number(1, Integer.MAX_VALUE), UnreadableRun.DEFAULT_LIMIT);
    }

    private static int defaultThreads() {
        return Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors()));
    }

    /** What stands under {@code kafka}: some of it holds for the embedded broker too. */
    private record Kafka(Topics topics, short replicationFactor, Optional<KafkaSettings> external) {}

    private Kafka kafka() {
        Section section = root.section("kafka");
        String prefix = section.read("topic_prefix", PREFIX_FORM, "kandji");
        int replicationFactor = section.read("replication_factor", Type.number(1, 32), BROKERS_DEFAULT);
        int maxRecordBytes = section.read(
                "max_record_bytes", Type.number(RecordLimits.SMALLEST, RecordLimits.LARGEST), RecordLimits.DEFAULT);
        Map<String, String> properties = ClientProperties.read(section, PassedProperties::kafkaRefusal);
        boolean given = !properties.isEmpty() || section.isGiven("properties_file");
        Optional<String> servers = given
                ? section.require(
                        "bootstrap_servers",
                        SERVERS_FORM,
                        "without it the broker is embedded, and has no such properties")
                : section.read("bootstrap_servers", SERVERS_FORM);
        section.reportUnknown();
        return new Kafka(
                new Topics(prefix, maxRecordBytes),
                (short) replicationFactor,
                servers.map(hosts -> new KafkaSettings(hosts.replaceAll("\\s", ""), properties)));
    }

    private Optional<RegistrySettings> registry() {
        Section section = root.section("schema_registry");
        boolean given = section.isGiven();
        Map<String, String> properties = ClientProperties.read(section, PassedProperties::registryRefusal);
        var url = given
                ? section.require(
                        "url", Type.HTTP_URLS, "without any key under schema_registry the registry is embedded")
                : section.read("url", Type.HTTP_URLS);
        section.reportUnknown();
        return url.map(urls -> new RegistrySettings(urls, properties));
    }

    private Optional<PostgresSettings> postgres() {
        if (!parts.contains(Part.SINK)) {
            root.skip("postgres");
            return Optional.empty();
        }
        Section section = root.section("postgres");
        boolean given = section.isGiven();
        Type<String> jdbc = Type.matching("jdbc:postgresql:.+", "a URL such as jdbc:postgresql://host:5432/database");
        var url = given
                ? section.require("url", jdbc, "without any key under postgres the database is embedded")
                : section.read("url", jdbc);
        var user = given ? section.require("user", Type.TEXT, "") : section.read("user", Type.TEXT);
        var password = Secrets.read(section, "password", given);
        section.reportUnknown();
        return url.isPresent() && user.isPresent() && password.isPresent()
                ? Optional.of(new PostgresSettings(url.get(), user.get(), password.get()))
                : Optional.empty();
    }

    private EmbeddedSettings embedded() {
        Section section = root.section("embedded");
        var usual = EmbeddedSettings.USUAL_PORTS;
        var settings = new EmbeddedSettings(
                section.read("kafka_port", Type.port(), usual.kafkaPort()),
                section.read("registry_port", Type.port(), usual.registryPort()),
                section.read("postgres_port", Type.port(), usual.postgresPort()));
        section.reportUnknown();
        return settings;
    }

    private OpsSettings ops() {
        Section section = root.section("ops");
        String host = section.read("host", Type.TEXT, "127.0.0.1");
        OptionalInt port =
                section.read("port", Type.port()).map(OptionalInt::of).orElse(OptionalInt.empty());
        section.reportUnknown();
        return new OpsSettings(host, port);
    }

    private LogSettings log() {
        Section section = root.section("log");
        String level = section.read("level", Type.oneOf("DEBUG", "INFO", "WARN", "ERROR"), "INFO");
        String format = section.read("format", Type.oneOf("plain", "json"), "plain");
        section.reportUnknown();
        return new LogSettings(level, format.equals("json"));
    }
}
