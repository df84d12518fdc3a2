package dev.kandjistream.poller.kafka;

import dev.kandjistream.kandji.domain.Moment;
import dev.kandjistream.poller.domain.CommandAnswer;
import dev.kandjistream.poller.domain.CompleteSweeps;
import dev.kandjistream.poller.domain.FieldProblem;
import dev.kandjistream.poller.domain.Findings;
import dev.kandjistream.poller.domain.Verdict;
import dev.kandjistream.poller.domain.Withheld;
import dev.kandjistream.sweeps.Quota;
import dev.kandjistream.sweeps.SweepReceipt;
import dev.kandjistream.sweeps.UnreadDevice;
import dev.kandjistream.sweeps.WithheldRetraction;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** What a sweep did and proved, as the receipt's record. */
final class Receipts {
    private Receipts() {}

    static SweepReceipt receipt(
            SweepFacts facts,
            Verdict verdict,
            Sent sent,
            long finishedAt,
            CompleteSweeps complete,
            List<CommandAnswer> answers) {
        return SweepReceipt.newBuilder()
                .setAccountId(facts.accountId())
                .setKind(facts.kind())
                .setSweepId(sent.sweepId())
                .setStartedAt(Instant.ofEpochMilli(facts.startedAt()))
                .setFinishedAt(Instant.ofEpochMilli(finishedAt))
                .setVerdict(verdict.outcome().name())
                .setReason(sent.reason())
                .setConnection(facts.connection())
                .setEndpoint(facts.endpoint())
                .setStatus(facts.status().isPresent() ? facts.status().getAsInt() : null)
                .setRequests(facts.requests())
                .setPages(facts.pages())
                .setRows(facts.rows())
                .setDevices(verdict.devices())
                .setClaimedTotal(orNull(facts.claimedTotal()))
                .setPublished(sent.published())
                .setUnchanged(verdict.unchanged())
                .setRetracted(verdict.retracted())
                .setWithheld(verdict.withheld())
                .setOversized(sent.skipped().size())
                .setUnpublished(sent.unpublished())
                .setUnread(verdict.findings().unread())
                .setUnreadDevices(unread(verdict, sent))
                .setShape(verdict.findings().problems().stream()
                        .map(Receipts::problem)
                        .toList())
                .setConfirmedAt(instant(complete.confirmedAt()))
                .setQuota(new Quota(facts.quotaLimit(), facts.quotaSpent(), orNull(facts.quotaRemaining())))
                .setLastCompleteAt(instant(complete.lastAt()))
                .setLastCompleteSweepId(complete.lastSweepId())
                .setRawEndOffsets(sent.rawEnds())
                .setWithheldRetractions(
                        verdict.waiting().stream().map(Receipts::withheld).toList())
                .setAnswers(answers.stream().map(Receipts::answer).toList())
                .build();
    }

    private static List<UnreadDevice> unread(Verdict verdict, Sent sent) {
        return Stream.concat(verdict.findings().devices().entrySet().stream(), sent.skipped().entrySet().stream())
                .map(device -> new UnreadDevice(device.getKey(), device.getValue()))
                .limit(Findings.LISTED)
                .toList();
    }

    private static WithheldRetraction withheld(Withheld item) {
        return WithheldRetraction.newBuilder()
                .setDeviceId(item.deviceId())
                .setWhat(item.what().name())
                .setBefore(item.before())
                .setAfter(item.after())
                .setSince(instant(item.since()))
                .setStoodMs(item.stood())
                .setSweeps(item.sweeps())
                .setReason(item.reason())
                .setOrder(item.order() == null ? null : item.order().name())
                .build();
    }

    private static dev.kandjistream.sweeps.FieldProblem problem(FieldProblem problem) {
        return new dev.kandjistream.sweeps.FieldProblem(
                problem.field(), problem.problem().name(), problem.rows(), problem.of(), problem.quarantines());
    }

    private static dev.kandjistream.sweeps.CommandAnswer answer(CommandAnswer answer) {
        return dev.kandjistream.sweeps.CommandAnswer.newBuilder()
                .setCommandId(answer.commandId())
                .setAction(answer.action())
                .setOutcome(answer.outcome().name())
                .setDevices(answer.devices())
                .build();
    }

    private static Instant instant(long millis) {
        return millis == Moment.UNKNOWN ? null : Instant.ofEpochMilli(millis);
    }

    private static Long orNull(OptionalLong number) {
        return number.isPresent() ? number.getAsLong() : null;
    }
}
