package dev.kandjistream.standalone.config;

import dev.kandjistream.enricher.Rules;
import dev.kandjistream.poller.AccountConfig;
import dev.kandjistream.schemas.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Everything that can be configured, checked. Valid or never constructed: see {@link ConfigReader}.
 *
 * @param dataDir folder for everything embedded, for stores and for logs
 * @param accounts in the order of the file, then of {@code accounts_dir}; empty where the command needs none
 * @param rejected files of {@code accounts_dir} that are at fault
 * @param kafka empty: embedded
 * @param registry empty: embedded
 * @param postgres empty: embedded
 */
public record Configuration(
        Path dataDir,
        Topics topics,
        List<AccountConfig> accounts,
        List<RejectedAccount> rejected,
        Rules rules,
        EnricherSettings enricher,
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
}
