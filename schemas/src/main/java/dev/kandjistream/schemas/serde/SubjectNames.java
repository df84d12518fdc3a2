package dev.kandjistream.schemas.serde;

import org.apache.kafka.common.config.ConfigException;

/** Subjects are named after topics; Confluent's other strategies are refused rather than ignored. */
final class SubjectNames {
    private SubjectNames() {}

    static void requireTopicNames(Settings settings, boolean isKey) {
        String name = (isKey ? "key" : "value") + ".subject.name.strategy";
        settings.text(name)
                .filter(strategy -> !strategy.endsWith("TopicNameStrategy"))
                .ifPresent(strategy -> {
                    throw new ConfigException(name, strategy, "only TopicNameStrategy is supported");
                });
    }
}
