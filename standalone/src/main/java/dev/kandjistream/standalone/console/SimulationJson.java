package dev.kandjistream.standalone.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kandjistream.posture.policy.Simulation.Answer;
import dev.kandjistream.posture.policy.Simulation.Move;
import dev.kandjistream.posture.policy.Simulation.Report;
import dev.kandjistream.posture.policy.Simulation.Tally;

/**
 * What a policy would do, for programs: {@code {"devices": …, "policy": {…}, "against": {…} or null, "changes": […]}}; rules are
 * named with how many devices they decide or monitor, {@code none} where no rule matches.
 */
public final class SimulationJson {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private SimulationJson() {}

    public static String of(Report report) {
        ObjectNode json = JSON.createObjectNode().put("devices", report.devices());
        add(json.putObject("policy"), report.policy());
        report.against().ifPresentOrElse(tally -> add(json.putObject("against"), tally), () -> json.putNull("against"));
        var changes = json.putArray("changes");
        report.moves().forEach(move -> add(changes.addObject(), move));
        try {
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void add(ObjectNode node, Tally tally) {
        node.put("version", tally.policyVersion())
                .put("allowed", tally.allowed())
                .put("denied", tally.denied())
                .put("monitored", tally.monitored());
        ObjectNode decided = node.putObject("decided_by");
        tally.decidedBy().forEach(decided::put);
        ObjectNode monitored = node.putObject("monitored_by");
        tally.monitoredBy().forEach(monitored::put);
        ObjectNode missing = node.putObject("missing");
        tally.missing().forEach((attribute, devices) -> missing.put(attribute.word(), devices));
    }

    private static void add(ObjectNode node, Move move) {
        add(node.putObject("before"), move.before());
        add(node.putObject("after"), move.after());
        node.put("devices", move.devices());
        var examples = node.putArray("examples");
        move.examples().forEach(examples::add);
    }

    private static void add(ObjectNode node, Answer answer) {
        node.put("decision", answer.outcome().word()).put("rule", answer.rule());
    }
}
