package dev.kandjistream.standalone.chaos;

import dev.kandjistream.schemas.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** Carries out {@link Loss losses}. What needs a broker that may be away is tried until it succeeds. */
final class Losses {
    private final Ground ground;
    private final Crew crew;
    private final Topics topics;
    private final Path copies;

    /** What is tried again until it says that it is done. */
    interface Patience {
        void until(BooleanSupplier done);
    }

    private final Patience patience;

    Losses(Ground ground, Crew crew, String name, Path directory, Patience patience) {
        this.ground = ground;
        this.crew = crew;
        topics = new Topics(name);
        copies = directory.resolve("copies");
        this.patience = patience;
    }

    /** How it begins. */
    void begin(Loss loss) {
        switch (loss) {
            case GROUP -> {
                crew.kill(Member.ENRICHER);
                patience.until(() -> {
                    boolean done = deleteGroup();
                    if (done) {
                        crew.start(Member.ENRICHER);
                    }
                    return done;
                });
            }
            case RAW_TOPIC -> patience.until(this::deleteTopic);
            case VOLUME -> copied(Member.ENRICHER, () -> copy(crew.data(Member.ENRICHER), copies.resolve("enricher")));
            case DATABASE -> copied(Member.DATABASE, () -> copy(ground.databaseFiles(), copies.resolve("database")));
            case REGISTRY -> crew.exchange(Member.BROKER, ground.brokerWithEmptyRegistry());
        }
    }

    /** How it ends, some seconds later. */
    void end(Loss loss) {
        switch (loss) {
            case GROUP, RAW_TOPIC -> {}
            case VOLUME -> copied(Member.ENRICHER, () -> copy(copies.resolve("enricher"), crew.data(Member.ENRICHER)));
            case DATABASE -> copied(Member.DATABASE, () -> copy(copies.resolve("database"), ground.databaseFiles()));
            case REGISTRY -> crew.exchange(Member.BROKER, ground.broker());
        }
    }

    private void copied(Member member, Runnable copy) {
        crew.kill(member);
        copy.run();
        crew.start(member);
    }

    /** Not before the broker has noticed that its member is gone. */
    private boolean deleteGroup() {
        try (var admin = admin()) {
            admin.deleteConsumerGroups(List.of(topics.enricherApplicationId()))
                    .all()
                    .get();
            return true;
        } catch (ExecutionException refused) {
            return refused.getCause() instanceof GroupIdNotFoundException;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private boolean deleteTopic() {
        try (var admin = admin()) {
            admin.deleteTopics(List.of(topics.rawApps().name())).all().get();
            return true;
        } catch (ExecutionException notYet) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private Admin admin() {
        return Admin.create(Map.of(
                "bootstrap.servers",
                ground.bootstrapServers(),
                "default.api.timeout.ms",
                1000,
                "request.timeout.ms",
                800));
    }

    /** With owners and rights, which PostgreSQL insists on. */
    private static void copy(Path from, Path to) {
        run("rm", "-rf", to.toString());
        run("mkdir", "-p", to.getParent().toString());
        run("cp", "-a", from.toString(), to.toString());
    }

    private static void run(String... command) {
        try {
            int code = new ProcessBuilder(command).inheritIO().start().waitFor();
            if (code != 0) {
                throw new IllegalStateException(String.join(" ", command) + " ended with " + code);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
