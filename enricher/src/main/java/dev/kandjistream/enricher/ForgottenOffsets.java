package dev.kandjistream.enricher;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the group's offsets of raw topics that were created again. Several instances do that at once; the first one that the
 * broker lets do it has done it for all, and stores the new ids so that the others know.
 */
final class ForgottenOffsets {
    private static final Logger LOG = LoggerFactory.getLogger(ForgottenOffsets.class);

    private final EnricherConfig config;
    private final SourceTopics sources;
    private final Duration pause;
    private final CountDownLatch stop;

    /** @param pause between two tries */
    ForgottenOffsets(EnricherConfig config, SourceTopics sources, Duration pause, CountDownLatch stop) {
        this.config = config;
        this.sources = sources;
        this.pause = pause;
        this.stop = stop;
    }

    /**
     * Returns once they are deleted, or the stop is there. The ids are stored after that: if this enricher is killed in between,
     * the next one deletes the offsets again.
     *
     * @param ids of the topics, as they were seen. One that is created again meanwhile is noticed later
     */
    void forget(Map<String, String> ids) throws InterruptedException {
        boolean forgotten = forget(() -> delete(ids.keySet()), () -> othersHave(ids.keySet()), pause, stop);
        if (forgotten) {
            store(ids);
        }
    }

    private boolean delete(Set<String> topics) {
        try (Admin admin = Admin.create(config.kafka())) {
            return new InternalTopics(admin, config.topics())
                    .forgetOffsets(config.topics().enricherApplicationId(), topics);
        }
    }

    private boolean othersHave(Set<String> topics) {
        try (Admin admin = Admin.create(config.kafka())) {
            return Collections.disjoint(sources.replaced(admin, false).keySet(), topics);
        }
    }

    private void store(Map<String, String> ids) throws InterruptedException {
        do {
            try {
                sources.store(ids);
                return;
            } catch (KafkaException away) {
                LOG.atDebug().addKeyValue("cause", away.getMessage()).log("Ids of raw topics cannot be stored now");
            }
        } while (!stop.await(pause.toMillis(), TimeUnit.MILLISECONDS));
    }

    /**
     * Tries until it has succeeded, another instance has, or the stop is there. While the group has members, one of them may
     * still commit a position in the former topic: one that was killed counts as a member until its session ends. To go on before
     * would skip records of the new topic.
     *
     * @return whether this instance has succeeded
     */
    static boolean forget(
            BooleanSupplier forgetOffsets, BooleanSupplier othersHave, Duration pause, CountDownLatch stop)
            throws InterruptedException {
        do {
            try {
                // First: the others are members again once they have.
                if (othersHave.getAsBoolean()) {
                    return false;
                }
                if (forgetOffsets.getAsBoolean()) {
                    return true;
                }
            } catch (KafkaException away) {
                LOG.atDebug().addKeyValue("cause", away.getMessage()).log("Offsets cannot be forgotten now");
            }
        } while (!stop.await(pause.toMillis(), TimeUnit.MILLISECONDS));
        return false;
    }
}
