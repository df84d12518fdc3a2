package dev.kandjistream.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.simulator.http.Faults;
import dev.kandjistream.sweeps.SweepReceipt;
import java.util.List;
import java.util.function.Consumer;

/**
 * Something the API does, and what the receipt must say of it.
 *
 * @param status of the failure named in the receipt; null where there is none
 * @param reason part of the receipt's reason; null for any
 * @param withheld devices of which something must be withheld; null for any number
 * @param news whether what is new must come through; null where chance decides
 */
record Trouble(
        String name,
        Consumer<Faults.Choice> fault,
        String verdict,
        String connection,
        Integer status,
        String reason,
        Long withheld,
        Boolean news) {

    static Trouble failed(String name, Consumer<Faults.Choice> fault, String connection, Integer status) {
        return new Trouble(name, fault, "FAILED", connection, status, null, 0L, false);
    }

    static Trouble incomplete(String name, Consumer<Faults.Choice> fault, String connection, Integer status) {
        return new Trouble(name, fault, "INCOMPLETE", connection, status, null, null, true);
    }

    /** With answers that contradict each other, but no failure. */
    static Trouble incomplete(String name, Consumer<Faults.Choice> fault) {
        return incomplete(name, fault, "CONNECTED", null);
    }

    static Trouble quarantined(String name, Consumer<Faults.Choice> fault) {
        return new Trouble(name, fault, "QUARANTINED", "CONNECTED", null, "withheld", null, true);
    }

    /** None in the end. */
    static Trouble complete(String name, Consumer<Faults.Choice> fault) {
        return new Trouble(name, fault, "COMPLETE", "CONNECTED", null, null, 0L, true);
    }

    Trouble because(String part) {
        return new Trouble(name, fault, verdict, connection, status, part, withheld, news);
    }

    Trouble withholding(long devices) {
        return new Trouble(name, fault, verdict, connection, status, reason, devices, news);
    }

    Trouble bringingNothingNew() {
        return new Trouble(name, fault, verdict, connection, status, reason, withheld, false);
    }

    /** What is new may be among the rows the API holds back. */
    Trouble bringingMaybeSomethingNew() {
        return new Trouble(name, fault, verdict, connection, status, reason, withheld, null);
    }

    void on(Faults.Choice choice) {
        fault.accept(choice);
    }

    /** @param endpoint the failing one; told where there is a failure */
    void judge(SweepReceipt receipt, String endpoint) {
        boolean failure = status != null || !connection.equals("CONNECTED");
        assertThat(receipt.getVerdict())
                .as("verdict, with reason %s", receipt.getReason())
                .isEqualTo(verdict);
        assertThat(receipt.getConnection()).as("connection").isEqualTo(connection);
        assertThat(receipt.getStatus()).as("status").isEqualTo(status);
        assertThat(receipt.getEndpoint()).as("endpoint").isEqualTo(failure ? endpoint : null);
        assertThat(receipt.getRetracted()).as("retracted").isZero();
        if (verdict.equals("COMPLETE")) {
            assertThat(receipt.getReason()).as("reason").isNull();
        } else {
            assertThat(receipt.getReason()).as("reason").isNotBlank();
        }
        if (verdict.equals("FAILED")) {
            assertThat(receipt.getPublished()).as("published").isZero();
        }
        if (verdict.equals("QUARANTINED")) {
            assertThat(receipt.getWithheld()).as("withheld").isPositive();
        }
        if (reason != null) {
            assertThat(receipt.getReason()).contains(reason);
        }
        if (withheld != null) {
            assertThat(receipt.getWithheld()).as("withheld").isEqualTo(withheld);
        }
    }

    void judgeNews(List<String> lines, String line) {
        if (news == null) {
            return;
        }
        if (news) {
            assertThat(lines).as("what is new, in spite of it").contains(line);
        } else {
            assertThat(lines).as("what is new, which nobody could see").doesNotContain(line);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
