package dev.kandjistream.posture.policy;

import dev.kandjistream.config.ConfigException;
import dev.kandjistream.config.Fault;
import dev.kandjistream.posture.domain.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policy that a file holds, read again whenever the file changes. A file that is broken, gone or half-written never replaces
 * a policy that works. Its content is compared, not its time: that also sees a change within a clock tick, and one behind a
 * symbolic link, as Kubernetes mounts files.
 */
public final class PolicyFile implements Supplier<Policy>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyFile.class);

    private final Path file;
    private final PolicyReader reader = new PolicyReader();
    private final ScheduledExecutorService looks;
    private byte[] seen;
    private byte[] read;
    private volatile Policy policy;
    private volatile String fault = "";

    private PolicyFile(Path file) {
        this.file = file;
        seen = content();
        read = seen;
        policy = reader.read(file);
        looks = Executors.newSingleThreadScheduledExecutor(task -> {
            var thread = new Thread(task, "posture-policy");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** @throws ConfigException with every fault where the file holds no policy: there is none yet that could stay in place */
    public static PolicyFile open(Path file) {
        return new PolicyFile(file);
    }

    /** Looks after the file so often from now on; a change counts once it has stood from one look to the next. */
    public PolicyFile watch(Duration every) {
        looks.scheduleWithFixedDelay(this::look, every.toNanos(), every.toNanos(), TimeUnit.NANOSECONDS);
        return this;
    }

    /** The latest that was sound. */
    @Override
    public Policy get() {
        return policy;
    }

    /** Why the file is not what is decided by; empty where it is. */
    public Optional<String> fault() {
        return Optional.of(fault).filter(text -> !text.isEmpty());
    }

    /** Called by one thread at a time. */
    void look() {
        byte[] now = content();
        boolean still = Arrays.equals(now, seen);
        seen = now;
        if (!still || Arrays.equals(now, read)) {
            return;
        }
        read = now;
        try {
            policy = reader.read(file);
            fault = "";
            LOG.atInfo()
                    .addKeyValue("file", file)
                    .addKeyValue("version", policy.version())
                    .log("The policy has changed");
        } catch (ConfigException faulty) {
            refuse(faulty.faults());
        } catch (RuntimeException | StackOverflowError unforeseen) {
            // A file can be anything; whatever it does to the reader, decisions go on.
            LOG.atError().addKeyValue("file", file).setCause(unforeseen).log("The policy cannot be read");
            fault = stands(file + ": cannot be read");
        }
    }

    private void refuse(List<Fault> faults) {
        LOG.atError()
                .addKeyValue("file", file)
                .addKeyValue(
                        "faults",
                        String.join(" | ", faults.stream().map(Fault::toString).toList()))
                .addKeyValue("version", policy.version())
                .log("The changed policy is at fault; decisions go by the one before");
        String more = faults.size() == 1 ? "" : ", and " + (faults.size() - 1) + " more";
        fault = stands(faults.get(0) + more);
    }

    private String stands(String why) {
        return "the policy's file is at fault (" + why + "); decisions go by version " + policy.version();
    }

    /** @return null where there is nothing that can be read */
    private byte[] content() {
        try {
            return Files.readAllBytes(file);
        } catch (IOException unreadable) {
            return null;
        }
    }

    @Override
    public void close() {
        looks.shutdownNow();
    }
}
