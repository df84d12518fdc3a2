package dev.kandjistream.schemas.serde;

import dev.kandjistream.schemas.Topic;
import dev.kandjistream.schemas.Topics;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds the registry to the contract: values of a topic can be read with every later schema of the topic. */
public final class RegistrySubjects {
    private static final Logger LOG = LoggerFactory.getLogger(RegistrySubjects.class);
    private static final String WANTED = "BACKWARD_TRANSITIVE";
    private static final Set<String> GOOD_ENOUGH = Set.of(WANTED, "FULL_TRANSITIVE");

    private static final int CONFLICT = 409;

    private RegistrySubjects() {}

    /**
     * Sets the subjects of the catalogue's Avro topics to BACKWARD_TRANSITIVE, unless they are that or stricter. Where
     * the registry does not permit it, a warning is all.
     *
     * @param clientProperties {@code schema.registry.url} and its companions
     * @throws RegistryUnavailableException when no registry answers
     */
    public static void ensure(Topics topics, Map<String, ?> clientProperties) {
        var registry = new RegistryClient(RegistrySettings.from(clientProperties));
        for (Topic<?> topic : topics.all()) {
            if (topic.valueType() != byte[].class) {
                ensure(registry, topic.name() + "-value");
            }
        }
    }

    /** As {@link #ensure(Topics, Map)}, of one topic's subject. */
    public static void ensure(Topic<?> topic, Map<String, ?> clientProperties) {
        ensure(new RegistryClient(RegistrySettings.from(clientProperties)), topic.name() + "-value");
    }

    static void ensure(RegistryClient registry, String subject) {
        try {
            if (!isGoodEnough(registry, subject)) {
                setDespiteOthers(registry, subject);
            }
        } catch (RegistryException e) {
            LOG.atWarn()
                    .addKeyValue("subject", subject)
                    .addKeyValue("expected", WANTED)
                    .addKeyValue("statusCode", e.status())
                    .log("Registry does not let this user set the subject's compatibility");
        }
    }

    private static boolean isGoodEnough(RegistryClient registry, String subject) {
        return registry.compatibility(subject).filter(GOOD_ENOUGH::contains).isPresent();
    }

    /** All services start at once and set the same; a registry may tell all but one of them that there is a conflict. */
    private static void setDespiteOthers(RegistryClient registry, String subject) {
        try {
            registry.setCompatibility(subject, WANTED);
        } catch (RegistryException e) {
            if (e.status() != CONFLICT) {
                throw e;
            }
            if (!isGoodEnough(registry, subject)) {
                registry.setCompatibility(subject, WANTED);
            }
        }
    }
}
