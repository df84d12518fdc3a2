package dev.kandjistream.standalone.e2e;

import static dev.kandjistream.standalone.e2e.Subject.these;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.poller.Kind;
import dev.kandjistream.poller.PollSettings;
import dev.kandjistream.posture.policy.PolicyReader;
import dev.kandjistream.simulator.fleet.Device;
import dev.kandjistream.standalone.e2e.PostureClient.Answer;
import dev.kandjistream.sweeps.SweepReceipt;
import dev.kandjistream.sweeps.UnreadDevice;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Posture's answers depend on what the latest sweep confirmed. While a seat waits for evidence, its device is refused at once
 * if the sweep did not see it, could not read it, or read something that the policy forbids. Each test has its own account
 * and begins with a Mac that is allowed.
 */
@Tag("evidence")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConfirmedDataIT {
    private static final PollSettings USUAL = Account.onDemand().withAttempts(2, Duration.ofSeconds(4));
    private static final String POLICY = """
            rules:
              - name: not-managed
                when: mdm_enabled == false
                outcome: deny
                notification: Not managed.
              - name: connected
                when: connection == "available"
                outcome: allow
            """;

    private final Accounts accounts = Accounts.of("acme", 60, USUAL, tenant -> tenant.withDevices(14)
            .withMacPercent(100)
            .withAppsPerMac(3));

    private Stack stack;
    private PostureClient posture;

    @BeforeAll
    void start(@TempDir Path directory) {
        stack = Stack.start(directory, accounts.all(), PostureClient.settings(directory, POLICY, Duration.ofHours(1)));
        posture = new PostureClient(stack);
    }

    @AfterAll
    void close() {
        if (stack != null) {
            stack.close();
        }
    }

    /** An account whose first Mac posture allows. */
    private Subject next() {
        Subject subject = accounts.next(stack);
        posture.awaitAllowed(serial(subject.mac(0)));
        return subject;
    }

    private static String serial(Device device) {
        return device.hardware().serial();
    }

    private static String fault(String effect, String field, String to, Device... devices) {
        return "{\"effect\":\"" + effect + "\",\"field\":\"" + field + "\"" + (to == null ? "" : ",\"to\":" + to)
                + (devices.length == 0 ? "" : "," + these(devices)) + "}";
    }

    private static String only(String effect, Device device) {
        return "{\"effect\":\"" + effect + "\"," + these(device) + "}";
    }

    // ---- absent

    @Test
    void aMacThatACompleteListLacksIsUnavailableAtOnceWhileItsSeatStands() {
        Subject subject = next();
        Device gone = subject.mac(0);
        subject.faults(only("drop", gone));
        SweepReceipt receipt = subject.sweep(Kind.DEVICES);

        assertThat(Subject.withheld(receipt, "DEVICE"))
                .extracting(one -> one.getDeviceId())
                .contains(gone.id());
        posture.awaitRefused(serial(gone), "unavailable", "absent_withheld");
        posture.awaitAllowed(serial(subject.mac(1)));
        subject.nothingHasEnded();
        subject.recovers();
        posture.awaitAllowed(serial(gone));
    }

    @Test
    void aMacWhoseRemovalAnOperatorRejectedStaysUnavailable() {
        Subject subject = next();
        Device gone = subject.mac(0);
        subject.faults(only("drop", gone));
        subject.sweep(Kind.DEVICES);
        subject.command("reject", List.of(gone.id()));
        subject.sweeps(Kind.DEVICES, 3);

        posture.awaitRefused(serial(gone), "unavailable", "absent_withheld");
        subject.nothingHasEnded();
        subject.recovers();
        posture.awaitAllowed(serial(gone));
    }

    @Test
    void whereTheWholeListIsEmptyEveryDeviceIsUnavailableAtOnce() {
        Subject subject = next();
        subject.faults("{\"effect\":\"empty-page\",\"endpoints\":[\"devices\"]}");
        assertThat(subject.sweep(Kind.DEVICES).getVerdict()).isEqualTo("QUARANTINED");

        for (Device mac : subject.macs(any -> true)) {
            posture.awaitRefused(serial(mac), "unavailable", "absent_withheld");
        }
        subject.nothingHasEnded();
        subject.recovers();
        posture.awaitAllowed(serial(subject.mac(0)));
    }

    @Test
    void rowsThatAllSayRemovedAreRefusedAtOnceWhileSeatsStand() {
        Subject subject = next();
        subject.faults(fault("set", "is_removed", "true"));
        subject.sweep(Kind.DEVICES);

        posture.awaitRefused(serial(subject.mac(0)), "unavailable", "device_removed");
        subject.nothingHasEnded();
        subject.recovers();
        posture.awaitAllowed(serial(subject.mac(0)));
    }

    // ---- read in part

    @Test
    void oneUnmanagedMacIsRefusedThoughNoUserOfTheListCanBeRead() {
        Subject subject = next();
        Device unmanaged = subject.mac(0);
        subject.faults(fault("retype", "user", "\"text\""), fault("set", "mdm_enabled", "false", unmanaged));
        subject.sweep(Kind.DEVICES);

        posture.await(
                serial(unmanaged),
                "mdm_enabled false, and no user",
                answer -> !answer.allows()
                        && answer.attribute("mdm_enabled").equals("false")
                        && !answer.knows("user_email"));
        subject.nothingHasEnded();
        subject.recovers();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"effect\":\"large-row\"}",
                "{\"effect\":\"twice\",\"field\":\"platform\"}",
                "{\"effect\":\"twice\",\"field\":\"user\"}",
                "{\"effect\":\"retype\",\"field\":\"user\",\"to\":\"array\"}",
                "{\"effect\":\"retype\",\"field\":\"device_name\",\"to\":\"object\"}",
                "{\"effect\":\"retype\",\"field\":\"tags\",\"to\":\"objects\"}",
                "{\"effect\":\"retype\",\"field\":\"os_version\",\"to\":\"array\"}",
                "{\"effect\":\"set\",\"field\":\"last_check_in\",\"to\":\"at noon\"}",
                "{\"effect\":\"oversize\",\"field\":\"device_name\",\"to\":70000}",
                "{\"effect\":\"oversize\",\"field\":\"user.email\",\"to\":70000}"
            })
    void aRowWithAFaultThatAlsoSaysUnmanagedIsNeverAllowed(String fault) {
        Subject subject = next();
        Device mac = subject.mac(0);
        subject.faults(fault("set", "mdm_enabled", "false", mac), fault.replaceFirst("}$", "," + these(mac) + "}"));
        subject.sweep(Kind.DEVICES);

        posture.awaitRefused(serial(mac));
        posture.awaitAllowed(serial(subject.mac(1)));
        subject.nothingHasEnded();
        subject.recovers();
        posture.awaitAllowed(serial(mac));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"effect\":\"twice\",\"field\":\"mdm_enabled\"}",
                "{\"effect\":\"rename\",\"field\":\"mdm_enabled\",\"to\":\"mdmEnabled\"}",
                "{\"effect\":\"retype\",\"field\":\"mdm_enabled\",\"to\":\"object\"}",
                "{\"effect\":\"lose\",\"field\":\"mdm_enabled\"}",
                "{\"effect\":\"null\",\"field\":\"mdm_enabled\"}",
                "{\"effect\":\"blank\",\"field\":\"mdm_enabled\"}",
                "{\"effect\":\"set\",\"field\":\"mdm_enabled\",\"to\":\"maybe\"}",
                "{\"effect\":\"set\",\"field\":\"mdm_enabled\",\"to\":0}"
            })
    void whetherMdmIsOnMustBeReadToAllow(String fault) {
        Subject subject = next();
        subject.faults(fault);
        subject.sweep(Kind.DEVICES);

        Answer refused = posture.awaitRefused(serial(subject.mac(0)));
        assertThat(refused.attribute("mdm_enabled")).isNotEqualTo("true");
        subject.nothingHasEnded();
        subject.recovers();
        posture.awaitAllowed(serial(subject.mac(0)));
    }

    @Test
    void aRowOfWhichOnlyTheIdCanBeUsedIsUnreadAndItsDeviceIsStale() {
        Subject subject = next();
        Device mac = subject.mac(0);
        for (String field : List.of(
                "device_name",
                "model",
                "serial_number",
                "platform",
                "os_version",
                "last_check_in",
                "user",
                "asset_tag",
                "blueprint_id",
                "mdm_enabled",
                "agent_installed",
                "is_missing",
                "is_removed",
                "agent_version",
                "first_enrollment",
                "last_enrollment",
                "blueprint_name",
                "supplemental_build_version",
                "supplemental_os_version_extra",
                "lost_mode_status",
                "tags")) {
            subject.faults(fault("set", field, "[{\"is\":[\"broken\"]}]", mac));
        }
        SweepReceipt receipt = subject.sweep(Kind.DEVICES);

        assertThat(receipt.getUnread()).isEqualTo(1);
        assertThat(receipt.getUnreadDevices())
                .extracting(UnreadDevice::getDeviceId)
                .containsExactly(mac.id());
        assertThat(receipt.getOversized()).isZero();
        posture.awaitRefused(serial(mac), "stale", "row_unreadable");
        subject.nothingHasEnded();
        subject.recovers();
        posture.awaitAllowed(serial(mac));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "last_check_in:checked_in_ago",
                "os_version:os_version",
                "agent_installed:agent_installed",
                "tags:tags",
                "user:user_email",
                "platform:platform",
                "is_missing:is_missing"
            })
    void whatTheLatestRowLacksIsMissingForPosture(String names) {
        String field = names.substring(0, names.indexOf(':'));
        String attribute = names.substring(names.indexOf(':') + 1);
        Subject subject = next();
        Device mac = subject.mac(0);
        posture.await(serial(mac), attribute + " is known", answer -> answer.knows(attribute));
        subject.faults(fault("retype", field, "\"object\""));
        subject.sweep(Kind.DEVICES);

        posture.await(serial(mac), attribute + " is missing", answer -> !answer.knows(attribute));
        subject.nothingHasEnded();
        subject.recovers();
        posture.await(serial(mac), attribute + " is known again", answer -> answer.knows(attribute));
    }

    @Test
    void anIncompleteListThatShowsAMacUnmanagedRefusesIt() {
        Subject subject = next();
        Device mac = subject.mac(0);
        subject.faults(
                fault("set", "mdm_enabled", "false", mac),
                "{\"effect\":\"status\",\"status\":500,\"after\":1,\"endpoints\":[\"devices\"]}");
        assertThat(subject.sweep(Kind.DEVICES).getVerdict()).isEqualTo("INCOMPLETE");

        posture.await(
                serial(mac),
                "mdm_enabled false",
                answer -> !answer.allows() && answer.attribute("mdm_enabled").equals("false"));
        subject.nothingHasEnded();
        subject.recovers();
    }

    // ---- serial numbers

    @Test
    void twoMacsThatExchangeTheirSerialNumbersAreBothRefusedUntilItIsBelieved() {
        Subject subject = next();
        Device managed = subject.mac(0);
        Device unmanaged = subject.mac(1);
        subject.faults(
                fault("set", "mdm_enabled", "false", unmanaged),
                "{\"effect\":\"swap\",\"field\":\"serial_number\"," + these(managed, unmanaged) + "}");
        subject.sweep(Kind.DEVICES);

        posture.awaitRefused(serial(unmanaged));
        posture.awaitRefused(serial(managed));
        subject.nothingHasEnded();
        subject.recovers();
        posture.awaitAllowed(serial(managed));
    }

    @Test
    void aMacThatLostItsSerialNumberIsNotKnownByTheOldOne() {
        Subject subject = next();
        subject.faults(fault("lose", "serial_number", null));
        subject.sweep(Kind.DEVICES);

        posture.awaitRefused(serial(subject.mac(0)), "stale", "row_unreadable");
        subject.nothingHasEnded();
        subject.recovers();
        posture.awaitAllowed(serial(subject.mac(0)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "To Be Filled By O.E.M.",
                "-1",
                "0",
                "00000000",
                "xxxxxxxx",
                "None",
                "N/A",
                "Default string",
                "System Serial Number",
                "........",
                "123456789"
            })
    void aPlaceholderIsNoDevicesSerialNumber(String placeholder) {
        Subject subject = next();
        subject.joins(placeholder);
        Device other = subject.joins("C02BESIDE" + placeholder.hashCode());
        subject.sweep(Kind.DEVICES);
        posture.awaitAllowed(serial(other));

        for (String asked : List.of(
                placeholder,
                placeholder.toLowerCase(Locale.ROOT),
                placeholder.toUpperCase(Locale.ROOT),
                "  " + placeholder + " ")) {
            Answer answer = posture.ask(asked);
            assertThat(answer.allows())
                    .as("a stranger's %s: %s", asked, answer.body())
                    .isFalse();
            assertThat(answer.reason()).isEqualTo("serial_placeholder");
        }
        subject.recovers();
    }

    @Test
    void aSerialNumberIsFoundInAnyCaseAndWithBlanksAround() {
        Subject subject = next();
        String serial = serial(subject.mac(0));

        posture.awaitAllowed("  " + serial.toLowerCase(Locale.ROOT) + " ");
    }

    // ---- policies

    @ParameterizedTest
    @ValueSource(strings = {"15,2", "15.2beta", "15.2.", "v15.2", "15..2", "fifteen", "15.2 (ab1)", "15.2-1"})
    void aPolicyWithAVersionThatIsNoneIsRefusedAtLoad(String version) {
        assertThatThrownBy(() -> new PolicyReader().read(policyOf(version), "policy.yml"))
                .hasMessageContaining("policy.yml")
                .hasMessageContaining(version);
    }

    @ParameterizedTest
    @ValueSource(strings = {"15.2", "13.3.1 (a)", "26", "14.8.2"})
    void aPolicyWithAVersionIsRead(String version) {
        assertThat(new PolicyReader().read(policyOf(version), "policy.yml")).isNotNull();
    }

    private static String policyOf(String version) {
        return "rules:\n  - { name: current, when: 'os_version >= \"" + version + "\"', outcome: allow }\n";
    }
}
