package dev.kandjistream.standalone.chaos;

import dev.kandjistream.standalone.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The members of a seed: two pollers, enricher and sink by the real command line, over the broker and the database of the
 * ground. Not for several threads.
 */
final class Crew implements AutoCloseable {
    /** How long a member of a consumer group may be silent: the least a broker allows. */
    static final Duration SESSION = Duration.ofSeconds(6);

    /** What a poller needs to believe in a loss. */
    enum Evidence {
        /** As by default, but with standing times just beyond the longest trouble. */
        SOUND("withheld_standing: 40s, apps_standing: 40s"),
        /** Next to none: each answer is believed. Shows that the judges would notice. */
        GULLIBLE("misses: 1, withheld_share: 1, withheld_minimum: 100000, withheld_standing: 0s, apps_standing: 0s");

        private final String settings;

        Evidence(String settings) {
            this.settings = settings;
        }
    }

    /** Of a seed. */
    static final Set<Member> SERVICES = EnumSet.of(Member.POLLER_1, Member.POLLER_2, Member.ENRICHER, Member.SINK);

    private final Map<Member, Child> members = new EnumMap<>(Member.class);
    private final Ground ground;
    private final Path directory;
    private final Set<Member> away = EnumSet.noneOf(Member.class);
    private final Set<Member> stopping = EnumSet.noneOf(Member.class);
    private final Set<Member> former = EnumSet.noneOf(Member.class);
    private final List<String> endedByThemselves = new ArrayList<>();
    private final Set<Member> refused = EnumSet.noneOf(Member.class);
    /** Of the services that were started with one. */
    private final Map<Member, SettableClock> clocks = new EnumMap<>(Member.class);

    /**
     * @param services members to run, all of that release
     * @param withClock those of them whose clock can be set
     */
    Crew(
            Ground ground,
            String name,
            Evidence evidence,
            Tenants tenants,
            Path directory,
            Set<Member> services,
            Set<Member> withClock,
            Release release) {
        this.ground = ground;
        this.directory = directory;
        members.putAll(ground.members());
        for (Member member : services) {
            write(file(member), configuration(ground, name, evidence, tenants, member));
            if (withClock.contains(member)) {
                clocks.put(member, new SettableClock(directory.resolve(member.word() + ".clock")));
            }
            members.put(member, child(member, release));
            members.get(member).start();
        }
    }

    private Path file(Member member) {
        return directory.resolve(member.word() + ".yml");
    }

    private Child child(Member member, Release release) {
        if (release == Release.FORMER) {
            former.add(member);
        } else {
            former.remove(member);
        }
        Child child = Child.java(
                release == Release.FORMER ? member.word() + "-former" : member.word(),
                256,
                release,
                Main.class,
                List.of(member.command(), "--config", file(member).toString()),
                directory,
                ground.guard());
        SettableClock clock = clocks.get(member);
        return clock == null ? child : child.with(clock.environment());
    }

    /** What a service keeps on its volume. */
    Path data(Member member) {
        return directory.resolve("data-" + member.word());
    }

    private String configuration(Ground ground, String name, Evidence evidence, Tenants tenants, Member member) {
        var accounts = new StringBuilder();
        Tenants.ACCOUNTS.forEach(account -> accounts.append("  - { id: %s, api_url: \"%s\", token: \"%s\" }\n"
                .formatted(
                        account,
                        tenants.simulator(account).url(),
                        tenants.simulator(account).tenant().token())));
        return """
                accounts:
                %spoller: { devices_interval: 1s, apps_interval: 2s, delta_interval: 1s, audit_interval: 1s, quota_share: 1.0, requests_per_second: 50,
                  hourly_budget: 1000000, attempts: 2, request_timeout: 2s, session_timeout: %s,
                  %s }
                enricher: { threads: 1, instance_id: %s }
                data_dir: "%s"
                kafka:
                  bootstrap_servers: "%s"
                  topic_prefix: %s
                  replication_factor: %d
                  properties: { session.timeout.ms: %d, heartbeat.interval.ms: 1500 }
                schema_registry: { url: "%s" }
                postgres: { url: "%s", user: %s, password: not-asked-for }
                ops: { port: 0 }
                log: { format: json }
                """.formatted(
                        accounts,
                        SESSION,
                        evidence.settings,
                        member.word(),
                        data(member),
                        ground.bootstrapServers(),
                        name,
                        ground.brokers(),
                        SESSION.toMillis(),
                        ground.registryUrl(),
                        ground.jdbcUrl(name),
                        ground.user());
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    void kill(Member member) {
        away.add(member);
        stopping.remove(member);
        members.get(member).kill();
    }

    void start(Member member) {
        away.remove(member);
        members.get(member).start();
    }

    /** Kills it, and goes on with another in its place. */
    void exchange(Member member, Child other) {
        members.get(member).kill();
        members.put(member, other);
        other.start();
    }

    /** Of a service that has a clock of its own. */
    void setClock(Member member, Duration ahead) {
        clocks.get(member).set(ahead);
    }

    void freeze(Member member) {
        members.get(member).freeze();
    }

    void thaw(Member member) {
        members.get(member).thaw();
    }

    /** Asks it to end; {@link #watch} starts it again once it has. */
    void restart(Member member) {
        stopping.add(member);
        members.get(member).stop();
    }

    /** Ends it in order, and goes on with that release; returns when that is started. */
    void replace(Member member, Release release) {
        members.get(member).stop();
        members.get(member).awaitEnd();
        members.put(member, child(member, release));
        members.get(member).start();
    }

    /** For good, in order; returns when it has ended. */
    void stop(Member member) {
        away.add(member);
        members.get(member).stop();
        members.get(member).awaitEnd();
    }

    /** Starts again who has ended as asked, and, as an orchestrator would, who ended by itself; that is remembered. */
    void watch() {
        members.forEach((member, child) -> {
            if (away.contains(member) || child.isAlive()) {
                return;
            }
            if (former.contains(member)) {
                refused.add(member);
            } else if (!stopping.remove(member)) {
                endedByThemselves.add(member.word() + " ended by itself with " + child.exitCode());
            }
            child.start();
        });
    }

    boolean isWhole() {
        return away.isEmpty() && stopping.isEmpty();
    }

    /** Which must not be: whatever is away, services wait. */
    List<String> endedByThemselves() {
        return endedByThemselves;
    }

    /** Members whose former release ended by itself, which it does where it finds what it cannot read. */
    Set<Member> refused() {
        return refused;
    }

    /** What a member of that release has printed so far. */
    String printed(Member member, Release release) {
        String name = release == Release.FORMER ? member.word() + "-former" : member.word();
        try {
            return Files.readString(directory.resolve(name + ".log"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Lines at ERROR of our own loggers: each calls for a person, and nothing here needs one. */
    List<String> alarms() {
        var alarms = new ArrayList<String>();
        members.forEach((member, child) -> {
            if (member.isGround()) {
                return;
            }
            try (var lines = Files.lines(child.log())) {
                lines.filter(line -> line.contains("\"level\":\"ERROR\"")
                                && line.contains("\"loggerName\":\"dev.kandjistream."))
                        .forEach(line -> alarms.add(member.word() + ": " + line));
            } catch (IOException | UncheckedIOException unreadable) {
                alarms.add(member.word() + ": its log cannot be read: " + unreadable);
            }
        });
        return alarms;
    }

    /** Kills the services; broker and database stay. */
    @Override
    public void close() {
        members.forEach((member, child) -> {
            if (!member.isGround()) {
                child.kill();
            }
        });
    }
}
