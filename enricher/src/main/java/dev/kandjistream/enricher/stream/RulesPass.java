package dev.kandjistream.enricher.stream;

import dev.kandjistream.enricher.domain.Rules;
import dev.kandjistream.enricher.store.DeviceStore;
import dev.kandjistream.enricher.store.StoredRules;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which rules a partition is judged by, and the pass over its devices when they change.
 *
 * <p>The store's rules are in force, whatever is configured here: a configured higher version replaces them in the store
 * first. So a partition that moves between instances of different configuration never mixes rules. Each device remembers
 * the version it was judged by; the pass and the device's own records bring it up to date, whichever comes first.
 */
final class RulesPass {
    static final Duration INTERVAL = Duration.ofSeconds(1);

    /** One step may take 500 ms; the last device begun before this much may run over it. */
    static final Duration STEP = Duration.ofMillis(400);

    private static final Logger LOG = LoggerFactory.getLogger(RulesPass.class);

    private final DeviceStore store;
    private final Rules configured;
    private final Consumer<byte[]> device;
    private StoredRules current;

    /** @param device brings one device, named by its key, up to the rules in force */
    RulesPass(DeviceStore store, Rules configured, Consumer<byte[]> device) {
        this.store = store;
        this.configured = configured;
        this.device = device;
    }

    /**
     * Compares the configuration with the store, writing nothing yet.
     *
     * @throws RulesConflictException where one version has two contents
     */
    void check() {
        StoredRules stored = store.rules();
        if (stored == null || stored.rules().version() < configured.version()) {
            return;
        }
        if (stored.rules().version() > configured.version()) {
            LOG.atWarn()
                    .addKeyValue("configuredVersion", configured.version())
                    .addKeyValue("storedVersion", stored.rules().version())
                    .log("The configured rules are older than those in force and are not used");
        } else if (!stored.rules().hasSameContentAs(configured)) {
            throw new RulesConflictException(stored.rules(), configured);
        }
        current = stored;
    }

    /** The rules in force. */
    Rules rules() {
        if (current == null) {
            check();
        }
        if (current == null) {
            adopt();
        }
        return current.rules();
    }

    /** Goes on with the pass for a bounded time. */
    void step() {
        rules();
        if (current.appliedToAll()) {
            return;
        }
        long deadline = System.nanoTime() + STEP.toNanos();
        String reached = current.appliedUpTo();
        boolean time = true;
        boolean end = false;
        try (var keys = store.keysAfter(reached)) {
            while (time && !end) {
                byte[] key = keys.next();
                end = key == null;
                if (!end) {
                    device.accept(key);
                    reached = new String(key, StandardCharsets.UTF_8);
                }
                time = System.nanoTime() < deadline;
            }
        }
        keep(new StoredRules(current.rules(), end ? null : reached, end));
        if (end) {
            LOG.atInfo().addKeyValue("version", current.rules().version()).log("Rules are applied to all devices");
        }
    }

    private void adopt() {
        boolean first = store.rules() == null;
        keep(new StoredRules(configured, null, first));
        if (!first) {
            LOG.atInfo().addKeyValue("version", configured.version()).log("New rules are being applied");
        }
    }

    private void keep(StoredRules next) {
        store.putRules(next);
        current = next;
    }
}
