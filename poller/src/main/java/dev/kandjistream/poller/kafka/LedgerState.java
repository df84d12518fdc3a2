package dev.kandjistream.poller.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kandjistream.kandji.domain.Moment;
import dev.kandjistream.poller.domain.CommandAnswer;
import dev.kandjistream.poller.domain.CommandsRead;
import dev.kandjistream.poller.domain.CompleteSweeps;
import dev.kandjistream.poller.domain.Destination;
import dev.kandjistream.poller.domain.Filled;
import dev.kandjistream.poller.domain.RecentlyAdded;
import dev.kandjistream.poller.domain.Retractions;
import dev.kandjistream.poller.domain.WatchedTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads and writes the ledger's record of an account's state: complete sweeps, field counts, late retractions and additions, commands,
 * tenant and topics. It is JSON, because people read it.
 */
final class LedgerState {
    private static final int VERSION = 1;
    private static final ObjectMapper JSON = new ObjectMapper();

    private LedgerState() {}

    /**
     * The complete sweeps of an account by kind, how far its commands were carried out, whose data it is, and where it was
     * published.
     *
     * @param tenant null where that is not known
     * @param destination null where that is not known
     */
    static byte[] state(
            Map<String, CompleteSweeps> complete,
            Map<String, Filled> filled,
            Map<String, Retractions> retractions,
            Map<String, RecentlyAdded> recentlyAdded,
            Map<String, Long> recoveries,
            CommandsRead commands,
            String tenant,
            Destination destination) {
        var state = JSON.createObjectNode().put("version", VERSION);
        if (tenant != null) {
            state.put("tenant", tenant);
        }
        if (destination != null) {
            var node = state.putObject("published_to").put("cluster", destination.cluster());
            log(destination.devices(), node.putObject("devices"));
            log(destination.apps(), node.putObject("apps"));
            log(destination.unconfirmed(), node.putObject("unconfirmed"));
        }
        var kinds = state.putObject("complete");
        new TreeMap<>(complete).forEach((kind, sweeps) -> {
            var node = kinds.putObject(kind).put("baseline", sweeps.baseline());
            if (sweeps.lastAt() != Moment.UNKNOWN) {
                node.put("last_at", sweeps.lastAt()).put("last_sweep_id", sweeps.lastSweepId());
            }
            if (sweeps.asOf() != Moment.UNKNOWN) {
                node.put("as_of", sweeps.asOf());
            }
            if (sweeps.confirmedAt() != Moment.UNKNOWN) {
                node.put("confirmed_at", sweeps.confirmedAt());
            }
            if (sweeps.watched().until() != Moment.UNKNOWN) {
                node.put("watched_ms", sweeps.watched().total())
                        .put("watched_until", sweeps.watched().until());
            }
        });
        if (!filled.isEmpty()) {
            var byKind = state.putObject("filled");
            new TreeMap<>(filled).forEach((kind, fields) -> {
                var node = byKind.putObject(kind).put("rows", fields.rows()).putObject("fields");
                new TreeMap<>(fields.byField()).forEach(node::put);
            });
        }
        if (!retractions.isEmpty()) {
            var byKind = state.putObject("retractions");
            new TreeMap<>(retractions).forEach((kind, recent) -> {
                var taken = byKind.putArray(kind);
                recent.taken().forEach(one -> {
                    var node = taken.addObject().put("at", one.at());
                    counts(one.all(), node);
                    if (!one.before().equals(Retractions.Counts.NONE)) {
                        counts(one.before(), node.putObject("of_before"));
                    }
                });
            });
        }
        if (!recentlyAdded.isEmpty()) {
            var byKind = state.putObject("recently_added");
            new TreeMap<>(recentlyAdded).forEach((kind, recent) -> {
                var added = byKind.putArray(kind);
                recent.before().forEach(one -> added.addObject()
                        .put("at", one.at())
                        .put("devices_before", one.devices())
                        .put("rows_before", one.rows()));
            });
        }
        if (!recoveries.isEmpty()) {
            var byKind = state.putObject("recovered");
            new TreeMap<>(recoveries).forEach(byKind::put);
        }
        if (!commands.equals(CommandsRead.NONE)) {
            var node = state.putObject("commands").put("up_to", commands.upTo());
            if (commands.topicId() != null) {
                node.put("topic_id", commands.topicId());
            }
            var owed = node.putArray("owed");
            commands.owed().forEach(answer -> owed.addObject()
                    .put("command_id", answer.commandId())
                    .put("action", answer.action())
                    .put("outcome", answer.outcome().name())
                    .put("devices", answer.devices()));
        }
        return state.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The commands' part of a state; {@link CommandsRead#NONE} where there is none. */
    static CommandsRead commands(byte[] bytes) {
        JsonNode commands = read(bytes).path("commands");
        var owed = new ArrayList<CommandAnswer>();
        commands.path("owed")
                .forEach(answer -> owed.add(new CommandAnswer(
                        answer.path("command_id").asText(),
                        answer.path("action").asText(),
                        CommandAnswer.Outcome.valueOf(answer.path("outcome").asText()),
                        answer.path("devices").asLong())));
        return new CommandsRead(
                commands.path("topic_id").textValue(), commands.path("up_to").asLong(), owed);
    }

    /** The field counts in a state; empty where there are none. */
    static Map<String, Filled> filled(byte[] bytes) {
        var filled = new HashMap<String, Filled>();
        read(bytes).path("filled").properties().forEach(kind -> {
            JsonNode counted = kind.getValue();
            filled.put(kind.getKey(), new Filled(counted.path("rows").asLong(), counts(counted.path("fields"))));
        });
        return filled;
    }

    private static Map<String, Long> counts(JsonNode node) {
        var counts = new HashMap<String, Long>();
        node.properties().forEach(one -> counts.put(one.getKey(), one.getValue().asLong()));
        return counts;
    }

    /** What was retracted of late, in a state; empty where nothing was. */
    static Map<String, Retractions> retractions(byte[] bytes) {
        var retractions = new HashMap<String, Retractions>();
        read(bytes).path("retractions").properties().forEach(kind -> {
            var taken = new ArrayList<Retractions.Taken>();
            kind.getValue()
                    .forEach(one -> taken.add(
                            new Retractions.Taken(one.path("at").asLong(), taken(one), taken(one.path("of_before")))));
            retractions.put(kind.getKey(), new Retractions(taken));
        });
        return retractions;
    }

    private static void counts(Retractions.Counts counts, ObjectNode node) {
        node.put("devices", counts.devices())
                .put("items", counts.items())
                .put("users", counts.users())
                .put("emails", counts.emails());
        var seats = node.putObject("seats_of");
        new TreeMap<>(counts.seatsOf()).forEach(seats::put);
    }

    private static Retractions.Counts taken(JsonNode node) {
        return new Retractions.Counts(
                node.path("devices").asLong(),
                node.path("items").asLong(),
                node.path("users").asLong(),
                node.path("emails").asLong(),
                counts(node.path("seats_of")));
    }

    /** Sizes before something was added of late, in a state; empty where nothing was. */
    static Map<String, RecentlyAdded> recentlyAdded(byte[] bytes) {
        var recentlyAdded = new HashMap<String, RecentlyAdded>();
        read(bytes).path("recently_added").properties().forEach(kind -> {
            var before = new ArrayList<RecentlyAdded.Before>();
            kind.getValue()
                    .forEach(one -> before.add(new RecentlyAdded.Before(
                            one.path("at").asLong(),
                            one.path("devices_before").asLong(),
                            one.path("rows_before").asLong())));
            recentlyAdded.put(kind.getKey(), new RecentlyAdded(before));
        });
        return recentlyAdded;
    }

    /** When records were made anew, in a state; empty where none were. */
    static Map<String, Long> recoveries(byte[] bytes) {
        return counts(read(bytes).path("recovered"));
    }

    private static void log(Destination.Log log, ObjectNode node) {
        node.put("topic", log.name()).put("id", log.id()).put("partitions", log.partitions());
        if (!log.starts().isEmpty()) {
            var starts = node.putArray("starts");
            log.starts().forEach(starts::add);
        }
        if (!log.ends().isEmpty()) {
            var ends = node.putArray("ends");
            log.ends().forEach(ends::add);
        }
    }

    private static Destination.Log log(JsonNode node) {
        return new Destination.Log(
                node.path("topic").asText(),
                node.path("id").asText(),
                node.path("partitions").asInt(),
                offsets(node.path("starts")),
                offsets(node.path("ends")));
    }

    private static List<Long> offsets(JsonNode node) {
        var offsets = new ArrayList<Long>();
        node.forEach(offset -> offsets.add(offset.asLong()));
        return offsets;
    }

    /** The topics in a state; null where there are none, as in states of earlier versions. */
    static Destination destination(byte[] bytes) {
        JsonNode node = read(bytes).path("published_to");
        return node.isMissingNode()
                ? null
                : new Destination(
                        node.path("cluster").asText(),
                        log(node.path("devices")),
                        log(node.path("apps")),
                        log(node.path("unconfirmed")));
    }

    /** The tenant in a state; null where there is none. */
    static String tenant(byte[] bytes) {
        return read(bytes).path("tenant").textValue();
    }

    static Map<String, CompleteSweeps> state(byte[] bytes) {
        JsonNode state = read(bytes);
        LedgerCodec.requireForm(state.path("version").asInt(), VERSION, VERSION);
        var complete = new HashMap<String, CompleteSweeps>();
        state.path("complete").properties().forEach(kind -> complete.put(kind.getKey(), complete(kind.getValue())));
        return complete;
    }

    private static CompleteSweeps complete(JsonNode node) {
        return new CompleteSweeps(
                node.path("baseline").asBoolean(),
                node.path("last_at").asLong(Moment.UNKNOWN),
                node.path("last_sweep_id").textValue(),
                node.path("as_of").asLong(Moment.UNKNOWN),
                node.path("confirmed_at").asLong(Moment.UNKNOWN),
                new WatchedTime(
                        node.path("watched_until").asLong(Moment.UNKNOWN),
                        node.path("watched_ms").asLong()));
    }

    private static JsonNode read(byte[] state) {
        try {
            return JSON.readTree(state);
        } catch (IOException garbled) {
            throw new LedgerUnreadableException("the state is no JSON", garbled);
        }
    }
}
