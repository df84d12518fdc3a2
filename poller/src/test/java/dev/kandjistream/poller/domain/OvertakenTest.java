package dev.kandjistream.poller.domain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One device in two hands, and two lanes that read it side by side. */
class OvertakenTest {
    private static final EvidenceRules RULES = EvidenceRules.DEFAULT;

    private final Ledger ledger = new Ledger();
    private final Overtaken overtaken = new Overtaken();
    private String told;

    @BeforeEach
    void baseline() {
        list("before", 10, 10);
        ledger.complete(Ledger.DEVICES, new CompleteSweeps(true, 10, "first"));
    }

    private static DevicesSweep with(DevicesSweep sweep, String details, long readAt) {
        sweep.add(Fleet.row("device", details, "user", false, readAt));
        return sweep;
    }

    private void list(String details, long begunAt, long readAt) {
        var sweep = with(new DevicesSweep(), details, readAt);
        overtaken.skipOvertakenOfList(sweep);
        settle(DevicesJudge.judge(ledger, sweep, RULES, readAt));
        overtaken.listPublished(begunAt);
    }

    private void single(String details, long readAt) {
        var sweep = with(DevicesSweep.ofSome(), details, readAt);
        overtaken.skipOvertakenOfSingle(sweep);
        settle(DevicesJudge.judge(ledger, sweep, RULES, readAt));
        overtaken.singlePublished(sweep);
    }

    private void settle(Verdict verdict) {
        for (Decision decision : verdict.decisions()) {
            ledger.put(decision.deviceId(), decision.after());
            told = ((Decision.Device) decision.publication()).row().deviceName();
        }
    }

    @Test
    void aListReadEarlierDoesNotTakeBackWhatTheDeviceItselfTold() {
        single("after", 25);
        list("before", 20, 24);
        assertThat(told).isEqualTo("after");
        list("after", 30, 31);
        list("later", 40, 41);
        assertThat(told).isEqualTo("later");
    }

    @Test
    void aDeviceReadEarlierDoesNotTakeBackWhatTheListTold() {
        list("after", 20, 21);
        single("before", 19);
        assertThat(told).isEqualTo("after");
        single("later", 22);
        assertThat(told).isEqualTo("later");
    }

    @Test
    void aDeviceThatWasOvertakenIsNotMissing() {
        single("after", 25);
        var sweep = with(new DevicesSweep(), "before", 24);
        overtaken.skipOvertakenOfList(sweep);
        Verdict verdict = DevicesJudge.judge(ledger, sweep, RULES, 26);
        assertThat(verdict.outcome()).isEqualTo(Verdict.Outcome.COMPLETE);
        assertThat(verdict.withheld()).isZero();
        assertThat(verdict.devices()).isEqualTo(1);
    }
}
