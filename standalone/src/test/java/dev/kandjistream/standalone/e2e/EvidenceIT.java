package dev.kandjistream.standalone.e2e;

import static dev.kandjistream.standalone.e2e.RowTrouble.that;
import static dev.kandjistream.standalone.e2e.Subject.these;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.kandjistream.poller.Kind;
import dev.kandjistream.poller.PollSettings;
import dev.kandjistream.simulator.Tenant;
import dev.kandjistream.simulator.fleet.App;
import dev.kandjistream.simulator.fleet.Device;
import dev.kandjistream.simulator.fleet.Platform;
import dev.kandjistream.sweeps.FieldProblem;
import dev.kandjistream.sweeps.SweepReceipt;
import dev.kandjistream.sweeps.WithheldRetraction;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every change that ends a seat, a usage, a user or an attribution needs evidence, whatever triggers it: rows that lose, rename,
 * retype or swap fields, lists that lack devices or app rows, single readings between sweeps. Each test has its own account.
 */
@Tag("evidence")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EvidenceIT {
    private static final Duration STANDING = Duration.ofSeconds(4);
    private static final PollSettings USUAL = Account.onDemand().withAttempts(2, Duration.ofSeconds(4));
    private static final int DEVICES = 60;

    /** As many as there are tests that may leave one behind. */
    private final Accounts usual = Accounts.of("usual", 120, USUAL, EvidenceIT::ofSixty);
    /** Accounts with a standing time of four seconds instead of a day. */
    private final Accounts quick =
            Accounts.of("quick", 8, Account.believingAfter(STANDING, USUAL), EvidenceIT::ofSixty);

    private final Accounts large =
            Accounts.of("large", 3, USUAL, tenant -> ofSixty(tenant).withDevices(120));
    private final Accounts tiny =
            Accounts.of("tiny", 3, USUAL, tenant -> ofSixty(tenant).withDevices(5));

    private Stack stack;
    private Subject bystander;

    private static Tenant ofSixty(Tenant tenant) {
        return tenant.withDevices(DEVICES).withAppsPerMac(4);
    }

    @BeforeAll
    void start(@TempDir Path directory) {
        stack = Stack.start(
                directory,
                Stream.of(usual, quick, large, tiny)
                        .flatMap(accounts -> accounts.all().stream())
                        .toList());
        bystander = tiny.next(stack);
    }

    @AfterAll
    void close() {
        if (stack != null) {
            stack.close();
        }
    }

    private Subject next(Accounts accounts) {
        return accounts.next(stack);
    }

    // ---- rows of the device list

    private static String field(String effect, String field) {
        return "{\"effect\":\"" + effect + "\",\"field\":\"" + field + "\"}";
    }

    private static String field(String effect, String field, String to) {
        return "{\"effect\":\"" + effect + "\",\"field\":\"" + field + "\",\"to\":" + to + "}";
    }

    private static String on(List<Device> devices, String fault) {
        return fault.replaceFirst("}$", "," + these(devices) + "}");
    }

    /** On so many rows that the share and the minimum are exceeded. */
    private static String onAThird(String fault) {
        return fault.replaceFirst("}$", ",\"share\":0.34}");
    }

    private static List<String> macsAre(Subject subject, String platform) {
        var macs = subject.account().fleet().devices().stream()
                .filter(device -> device.platform() == Platform.MAC)
                .toList();
        return List.of("{\"effect\":\"set\",\"field\":\"platform\",\"to\":" + platform + "," + these(macs) + "}");
    }

    static Stream<RowTrouble> ofManyRows() {
        String oneUser = "{\"id\":\"7\",\"email\":\"one@x.example\",\"name\":\"One\",\"is_archived\":false}";
        return Stream.of(
                that("the platform is missing from every row", field("lose", "platform"))
                        .withholds("PLATFORM")
                        .isReportedAs("platform", "LOST"),
                that("the platform is null in every row", field("null", "platform"))
                        .withholds("PLATFORM"),
                that("the platform is blank in every row", field("blank", "platform"))
                        .withholds("PLATFORM"),
                that("the platform is null in a third of the rows", onAThird(field("null", "platform")))
                        .withholds("PLATFORM"),
                that("Macs are spelled macOS", subject -> macsAre(subject, "\"macOS\""))
                        .withholds("PLATFORM")
                        .isReportedAs("platform", "UNKNOWN_WORD"),
                that("Macs are spelled mac", subject -> macsAre(subject, "\"mac\"")),
                that("Macs are AppleTVs", subject -> macsAre(subject, "\"AppleTV\""))
                        .withholds("PLATFORM"),
                that("the platform is an object in every row", field("retype", "platform", "\"object\""))
                        .withholds("PLATFORM")
                        .isReportedAs("platform", "UNREADABLE"),
                that("the platform is a number in every row", field("retype", "platform", "\"number\"")),
                that("the platform comes twice in every row", field("twice", "platform"))
                        .isReportedAs("platform", "UNREADABLE"),
                that("the platform is renamed in every row", field("rename", "platform", "\"os\""))
                        .withholds("PLATFORM")
                        .isReportedAs("platform", "LOST"),
                that("user ids are missing while emails stand", field("lose", "user.id"))
                        .isReportedAs("user.id", "LOST"),
                that("user ids are numbers while emails stand", field("retype", "user.id", "\"number\"")),
                that("user ids are null while emails stand", field("null", "user.id")),
                that("user ids are objects while emails stand", field("retype", "user.id", "\"object\""))
                        .isReportedAs("user.id", "UNREADABLE"),
                that("user ids are renamed while emails stand", field("rename", "user.id", "\"uuid\""))
                        .isReportedAs("user.id", "LOST"),
                that("user ids are exchanged while emails stand", field("swap", "user.id")),
                that("emails are missing while user ids stand", field("lose", "user.email"))
                        .isReportedAs("user.email", "LOST"),
                that("emails are exchanged while user ids stand", field("swap", "user.email")),
                that("all devices are suddenly one user's", field("set", "user", oneUser))
                        .withholds("OTHER_USER"),
                that("a third of the devices are suddenly one user's", onAThird(field("set", "user", oneUser)))
                        .withholds("OTHER_USER"),
                that(
                                "all user ids and emails are one",
                                field("set", "user.id", "\"7\""),
                                field("set", "user.email", "\"one@x.example\""))
                        .withholds("OTHER_USER"),
                that("two halves of the fleet exchange their users", field("swap", "user"))
                        .withholds("OTHER_USER"),
                that("the user is missing from every row", field("lose", "user"))
                        .withholds("USER")
                        .isReportedAs("user", "LOST"),
                that("the user is missing from a third of the rows", onAThird(field("lose", "user")))
                        .withholds("USER"),
                that("the user is null in every row", field("null", "user")).withholds("USER"),
                that("the user is blank in every row", field("blank", "user")).withholds("USER"),
                that("the user is plain text in every row", field("retype", "user", "\"text\""))
                        .withholds("USER")
                        .isReportedAs("user", "UNREADABLE"),
                that("the user is an array in every row", field("retype", "user", "\"array\""))
                        .withholds("USER")
                        .isReportedAs("user", "UNREADABLE"),
                that("the user comes twice in every row", field("twice", "user")),
                that(
                        "the user's parts have other names",
                        field("rename", "user.id", "\"uuid\""),
                        field("rename", "user.email", "\"mail\"")),
                that("is_removed is true in every row", field("set", "is_removed", "true"))
                        .withholds("REMOVED"),
                that("is_removed is true in a third of the rows", onAThird(field("set", "is_removed", "true")))
                        .withholds("REMOVED"),
                that("is_removed is the text True in every row", field("set", "is_removed", "\"True\"")),
                that("is_removed is missing from every row", field("lose", "is_removed"))
                        .isReportedAs("is_removed", "LOST"),
                that("the serial number is missing from every row", field("lose", "serial_number"))
                        .withholds("SERIAL")
                        .isReportedAs("serial_number", "LOST"),
                that(
                                "every serial number is a placeholder",
                                field("set", "serial_number", "\"To Be Filled By O.E.M.\""))
                        .withholds("SERIAL"),
                that("two halves of the fleet exchange their serial numbers", field("swap", "serial_number"))
                        .withholds("SERIAL"),
                that("the device ids are exchanged", field("swap", "device_id")),
                that("every row is too large", "{\"effect\":\"large-row\"}"),
                that(
                                "a third of the devices is absent",
                                "{\"effect\":\"drop\",\"share\":0.34,\"endpoints\":[\"devices\"]}")
                        .withholds("DEVICE"),
                that("the last check-in is no time in any row", field("set", "last_check_in", "\"yesterday, at noon\""))
                        .isReportedAs("last_check_in", "UNREADABLE"),
                that("tags are objects in every row", field("retype", "tags", "\"objects\""))
                        .isReportedAs("tags", "UNREADABLE"),
                that("mdm_enabled is renamed in every row", field("rename", "mdm_enabled", "\"mdmEnabled\""))
                        .isReportedAs("mdm_enabled", "LOST"),
                that("mdm_enabled is a number in every row", field("retype", "mdm_enabled", "\"number\"")),
                that("every name is longer than the limit", field("oversize", "device_name", "5000"))
                        .isReportedAs("device_name", "CUT"),
                that("every user's name is longer than the limit", field("oversize", "user.name", "5000")),
                that("every email is longer than the limit", field("oversize", "user.email", "5000")),
                that("every user id is longer than the limit", field("oversize", "user.id", "5000")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ofManyRows")
    void whatManyRowsDoAtOnceEndsNothing(RowTrouble trouble) {
        Subject subject = next(usual);
        subject.faults(trouble.faults().apply(subject).toArray(String[]::new));

        List<SweepReceipt> receipts = subject.sweeps(Kind.DEVICES, 3);

        subject.nothingHasEnded();
        for (SweepReceipt receipt : receipts) {
            assertThat(receipt.getRetracted()).as("retracted").isZero();
            judge(trouble, receipt);
        }
        subject.recovers();
    }

    static Stream<String> ofOtherIds() {
        return Stream.of(
                field("lose", "device_id"),
                onAThird(field("lose", "device_id")),
                field("null", "device_id"),
                field("rename", "device_id", "\"id\""),
                field("retype", "device_id", "\"number\""),
                field("set", "device_id", "\"00000000-0000-4000-8000-000000000000\""),
                "{\"effect\":\"no-object\"}",
                onAThird("{\"effect\":\"no-object\"}"));
    }

    /** Rows with invalid ids, or another device's, may look like new devices; the published devices stay. */
    @ParameterizedTest
    @MethodSource("ofOtherIds")
    void rowsUnderOtherIdsEndNothing(String fault) {
        Subject subject = next(usual);
        subject.faults(fault);
        subject.sweeps(Kind.DEVICES, 3);

        subject.nothingHasEnded();
    }

    private static void judge(RowTrouble trouble, SweepReceipt receipt) {
        if (trouble.what() != null) {
            assertThat(receipt.getVerdict())
                    .as("verdict, reason %s", receipt.getReason())
                    .isEqualTo("QUARANTINED");
            assertThat(Subject.withheld(receipt, trouble.what()))
                    .as("withheld retractions of kind %s", trouble.what())
                    .hasSizeGreaterThanOrEqualTo(10);
        }
        if (trouble.field() != null) {
            assertThat(Subject.shape(receipt, trouble.field(), trouble.problem()))
                    .as("%s %s in the receipt's shape %s", trouble.field(), trouble.problem(), receipt.getShape())
                    .hasSize(1);
        }
    }

    @Test
    void aWithheldRetractionHasWhatWasPublishedAndWhatWasRead() {
        Subject subject = next(usual);
        Device mac = subject.mac(0);
        subject.faults(field("set", "platform", "\"macOS\""));

        SweepReceipt receipt = subject.sweep(Kind.DEVICES);

        assertThat(Subject.withheld(receipt, "PLATFORM"))
                .filteredOn(one -> one.getDeviceId().equals(mac.id()))
                .extracting(WithheldRetraction::getBefore, WithheldRetraction::getAfter)
                .containsExactly(tuple("Mac", "macOS"));
    }

    @Test
    void aFieldThatAllRowsLostIsCountedAgainstThoseThatHadIt() {
        Subject subject = next(usual);
        subject.faults(field("lose", "platform"));

        assertThat(Subject.shape(subject.sweep(Kind.DEVICES), "platform", "LOST"))
                .extracting(FieldProblem::getRows, FieldProblem::getOf, FieldProblem::getQuarantines)
                .containsExactly(tuple((long) DEVICES, (long) DEVICES, true));
    }

    static Stream<RowTrouble> ofOneSweepAndFewRows() {
        return Stream.of(
                that("no user", field("blank", "user")),
                that("no user key", field("lose", "user")),
                that("another user", field("swap", "user")),
                that("removed", field("set", "is_removed", "true")),
                that("no platform", field("lose", "platform")),
                that("an unknown platform", field("set", "platform", "\"macOS\"")),
                that("no serial number", field("blank", "serial_number")),
                that("absent", "{\"effect\":\"drop\"}"));
    }

    /** Too few for the share and the minimum: here the number of sweeps decides. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("ofOneSweepAndFewRows")
    void whatThreeDevicesAreInOneSweepOnlyEndsNothing(RowTrouble trouble) {
        Subject subject = next(usual);
        var three = List.of(subject.mac(0), subject.mac(1), subject.mac(2));
        subject.faults(trouble.faults().apply(subject).get(0).replaceFirst("}$", "," + these(three) + "}"));
        SweepReceipt receipt = subject.sweep(Kind.DEVICES);

        assertThat(receipt.getRetracted()).as("retracted").isZero();
        subject.nothingHasEnded();
        subject.recovers();
    }

    @Test
    void faultsThatAlternateSweepBySweepEndNothing() {
        Subject subject = next(usual);
        var alternating = List.of(
                onAThird(field("lose", "platform")),
                onAThird(field("blank", "user")),
                "{\"effect\":\"drop\",\"share\":0.34}",
                onAThird(field("set", "is_removed", "true")),
                onAThird(field("swap", "user")));
        for (int round = 0; round < 2; round++) {
            for (String fault : alternating) {
                subject.endFaults();
                subject.faults(fault);
                subject.sweep(Kind.DEVICES);
            }
        }
        subject.nothingHasEnded();
        subject.recovers();
    }

    @Test
    void aFifthOfTheRowsInEverySweepButNeverTheSameEndsNothing() {
        Subject subject = next(usual);
        List<Device> devices = subject.account().fleet().devices();
        for (int slice = 0; slice < 6; slice++) {
            subject.endFaults();
            subject.faults("{\"effect\":\"lose\",\"field\":\"platform\","
                    + these(devices.subList(slice * 9, slice * 9 + 9)) + "}");
            subject.sweep(Kind.DEVICES);
        }
        subject.nothingHasEnded();
        subject.recovers();
    }

    /** Each sweep loses less than the share; all of them together lose most of the fleet. */
    @ParameterizedTest
    @MethodSource("inSlices")
    void aShareCannotBeTakenInSlices(String fault) {
        Subject subject = next(large);
        for (int slice = 1; slice <= 6; slice++) {
            subject.endFaults();
            subject.faults(fault.replaceFirst("}$", ",\"share\":" + slice * 0.15 + "}"));
            subject.sweeps(Kind.DEVICES, 2);
        }
        long ended = subject.lines().stream()
                .filter(line -> line.startsWith("license.revoked "))
                .count();
        assertThat(ended)
                .as("seats ended out of about a hundred, of which a fifth may end without a person")
                .isLessThanOrEqualTo(20);
    }

    static Stream<String> inSlices() {
        return Stream.of("{\"effect\":\"drop\"}", field("blank", "user"), field("lose", "platform"));
    }

    @Test
    void aFleetOfFiveDoesNotLoseFourInTwoSweeps() {
        Subject subject = next(tiny);
        var four = subject.account().fleet().devices().subList(0, 4);
        subject.faults("{\"effect\":\"drop\"," + these(four) + "}");
        subject.sweeps(Kind.DEVICES, 3);

        subject.nothingHasEnded();
        subject.recovers();
    }

    @Test
    void aFleetOfFiveDoesNotLoseItsPlatforms() {
        Subject subject = next(tiny);
        subject.faults(field("lose", "platform"));
        subject.sweeps(Kind.DEVICES, 3);

        subject.nothingHasEnded();
        subject.recovers();
    }

    // ---- time

    @Test
    void anEmptyListBeforeAndAfterAnOutageIsTwoAnswersAndNotADay() {
        Subject subject = next(quick);
        subject.faults("{\"effect\":\"empty-page\",\"endpoints\":[\"devices\"]}");
        assertThat(subject.sweep(Kind.DEVICES).getVerdict()).isEqualTo("QUARANTINED");
        subject.endFaults();
        subject.faults("{\"effect\":\"status\",\"status\":503}");
        Instant outage = Instant.now();
        while (Instant.now().isBefore(outage.plus(STANDING).plusMillis(500))) {
            assertThat(subject.sweep(Kind.DEVICES).getVerdict()).isEqualTo("FAILED");
        }
        subject.endFaults();
        subject.faults("{\"effect\":\"empty-page\",\"endpoints\":[\"devices\"]}");
        subject.sweep(Kind.DEVICES);

        subject.nothingHasEnded();
        subject.recovers();
    }

    @Test
    void halfAFleetAbsentBeforeAndAfterAPauseIsTwoAnswersAndNotADay() {
        Subject subject = next(quick);
        subject.faults("{\"effect\":\"drop\",\"share\":0.5}");
        assertThat(subject.sweep(Kind.DEVICES).getVerdict()).isEqualTo("QUARANTINED");
        Instant pause = Instant.now();
        while (Instant.now().isBefore(pause.plus(STANDING).plusMillis(500))) {
            bystander.sweep(Kind.DEVICES);
        }
        subject.sweep(Kind.DEVICES);

        subject.nothingHasEnded();
        subject.recovers();
    }

    @Test
    void anEmptyListIsNotBelievedHoweverLongItStands() {
        Subject subject = next(quick);
        subject.faults("{\"effect\":\"empty-page\",\"endpoints\":[\"devices\"]}");
        sweepFor(subject, STANDING.multipliedBy(3));

        subject.nothingHasEnded();
        subject.recovers();
    }

    private static void sweepFor(Subject subject, Duration time) {
        Instant begin = Instant.now();
        while (Instant.now().isBefore(begin.plus(time))) {
            subject.sweep(Kind.DEVICES);
        }
    }

    @Test
    void thatAllUsersAreGoneIsNotBelievedByTimeButOnAPersonsWord() {
        Subject subject = next(quick);
        var fleet = subject.account().fleet();
        fleet.devices().forEach(fleet::unassign);
        sweepFor(subject, STANDING.multipliedBy(3));
        subject.nothingHasEnded();

        subject.command("approve", List.of());
        subject.sweeps(Kind.DEVICES, 2);
        subject.isTruth();
    }

    @Test
    void halfAFleetThatIsTrulyGoneIsBelievedInTheEnd() {
        Subject subject = next(quick);
        var fleet = subject.account().fleet();
        var half = fleet.devices().subList(0, DEVICES / 2);
        half.forEach(fleet::remove);
        SweepReceipt receipt = subject.sweep(Kind.DEVICES);
        assertThat(receipt.getVerdict()).isEqualTo("QUARANTINED");

        long deadline = System.nanoTime() + Stack.DEADLINE.toNanos();
        while (!receipt.getVerdict().equals("COMPLETE") && System.nanoTime() < deadline) {
            receipt = subject.sweep(Kind.DEVICES);
        }
        assertThat(receipt.getVerdict()).isEqualTo("COMPLETE");
        subject.sweeps(Kind.APPS, 2);
        subject.isTruth();
    }

    // ---- app rows

    /** An account whose first Mac has a hundred more app rows, which the account's tables know. */
    private Subject withManyApps() {
        Subject subject = next(usual);
        subject.installs(subject.mac(0), 100);
        assertThat(subject.sweep(Kind.APPS).getVerdict()).isEqualTo("COMPLETE");
        return subject.fromNowOn();
    }

    private static String partial(Device device) {
        return "{\"effect\":\"partial-apps\",\"rows\":40," + these(device) + "}";
    }

    private void reports(Subject subject, Device device) {
        subject.account().fleet().collect(device);
    }

    @Test
    void onePartialAppListBetweenSweepsEndsNothing() {
        Subject subject = withManyApps();
        Device mac = subject.mac(0);
        reports(subject, mac);
        subject.faults(partial(mac));
        SweepReceipt receipt = subject.sweep(Kind.DELTA);

        assertThat(receipt.getRetracted()).as("retracted").isZero();
        subject.nothingHasEnded();
        subject.endFaults();
        reports(subject, mac);
        subject.sweep(Kind.DELTA);
        subject.recovers();
    }

    @Test
    void partialAppListsThatTakeTurnsWithWholeOnesEndNothing() {
        Subject subject = withManyApps();
        Device mac = subject.mac(0);
        for (int i = 0; i < 3; i++) {
            subject.faults(partial(mac));
            reports(subject, mac);
            subject.sweep(Kind.DELTA);
            subject.endFaults();
            reports(subject, mac);
            subject.sweep(Kind.DELTA);
        }
        subject.nothingHasEnded();
        subject.recovers();
    }

    @Test
    void onePartialAppListInAFullSweepEndsNothing() {
        Subject subject = withManyApps();
        Device mac = subject.mac(0);
        reports(subject, mac);
        subject.faults(partial(mac));
        subject.sweep(Kind.APPS);

        subject.nothingHasEnded();
        subject.recovers();
    }

    @Test
    void whatIsTrulyUninstalledBetweenSweepsEnds() {
        Subject subject = withManyApps();
        Device mac = subject.mac(0);
        App last = mac.rows().get(mac.rows().size() - 1).app();
        subject.account().fleet().uninstall(mac, last);
        subject.sweeps(Kind.DELTA, 2);
        reports(subject, mac);
        subject.sweeps(Kind.DELTA, 2);
        subject.sweeps(Kind.APPS, 2);

        subject.isTruth();
    }

    static Stream<String> ofAppRows() {
        return Stream.of(
                field("lose", "bundle_id"),
                field("null", "bundle_id"),
                field("set", "bundle_id", "\"No value\""),
                field("retype", "bundle_id", "\"object\""),
                field("swap", "device_id"),
                field("lose", "device_id"),
                field("lose", "name"),
                field("retype", "name", "\"number\""),
                field("oversize", "name", "6000"),
                field("lose", "path"),
                field("twice", "version"),
                "{\"effect\":\"no-object\"}",
                "{\"effect\":\"large-row\"}",
                "{\"effect\":\"drop\"}",
                "{\"effect\":\"partial-apps\",\"rows\":1}",
                "{\"effect\":\"partial-apps\",\"rows\":0}");
    }

    /** On app rows of all devices, while no device has reported since. */
    @ParameterizedTest
    @MethodSource("ofAppRows")
    void whatAppRowsDoAtOnceEndsNoUsage(String fault) {
        Subject subject = next(usual);
        subject.faults(fault.replaceFirst("}$", ",\"endpoints\":[\"prism-apps\",\"prism-export\"]}"));
        subject.sweeps(Kind.APPS, 2);

        subject.nothingHasEnded();
        subject.endFaults();
        // A list that is older than what was published is used when the device reports again.
        subject.account().fleet().devices().forEach(device -> reports(subject, device));
        subject.recovers();
    }

    // ---- readings between sweeps

    static Stream<String> ofSingleDevices() {
        return Stream.of(
                field("lose", "platform"),
                field("set", "platform", "\"macOS\""),
                field("blank", "user"),
                field("lose", "user"),
                field("lose", "user.id"),
                field("retype", "user", "\"text\""),
                field("set", "is_removed", "true"),
                field("lose", "serial_number"),
                "{\"effect\":\"no-object\"}",
                "{\"effect\":\"large-row\"}",
                "{\"effect\":\"drop\"}");
    }

    /** The device is renamed and its person archived, so that audit events name it. */
    @ParameterizedTest
    @MethodSource("ofSingleDevices")
    void whatADeviceReadByItselfShowsEndsNothing(String fault) {
        Subject subject = next(usual);
        subject.sweep(Kind.TARGETED);
        Device mac = subject.macs(device -> device.person().id() != null).get(0);
        subject.account().fleet().archive(mac.person());
        subject.faults(fault.replaceFirst("}$", ",\"endpoints\":[\"device\"]}"));
        subject.sweep(Kind.TARGETED);
        subject.sweep(Kind.DEVICES);

        subject.nothingHasEnded();
        subject.recovers();
    }

    @Test
    void anIncompleteListAddsAndDoesNotTake() {
        Subject subject = next(usual);
        Device mac = subject.mac(0);
        List<Device> assigned = subject.assigned();
        Device joined = subject.joins("C02INCOMPLETE");
        subject.faults(
                "{\"effect\":\"capped-page\",\"rows\":100,\"endpoints\":[\"devices\"]}",
                "{\"effect\":\"status\",\"status\":500,\"after\":1,\"endpoints\":[\"devices\"]}",
                on(assigned, field("lose", "platform")),
                on(List.of(mac), field("blank", "user")));
        SweepReceipt receipt = subject.sweep(Kind.DEVICES);

        assertThat(receipt.getVerdict()).isEqualTo("INCOMPLETE");
        assertThat(subject.lines()).contains("license.assigned c DEVICE_ENROLLED " + joined.name());
        subject.nothingHasEnded();
        subject.recovers();
    }

    @Test
    void whatIsNewStillComesWhileOtherThingsAreWithheld() {
        Subject subject = next(usual);
        List<Device> others = subject.account().fleet().devices();
        Device old = subject.mac(0);
        subject.account().fleet().rename(old, old.name() + ", renamed");
        Device joined = subject.joins("C02WITHHELD");
        subject.faults(on(others, field("lose", "platform")));
        subject.sweep(Kind.DEVICES);

        assertThat(subject.lines())
                .contains(
                        "license.assigned c DEVICE_ENROLLED " + joined.name(),
                        "device.updated u DEVICE_CHANGED " + old.name());
        subject.nothingHasEnded();
        subject.recovers();
    }

    // ---- the same person, the same hardware

    @Test
    void theSamePersonUnderAnotherEmailKeepsTheSeat() {
        Subject subject = next(usual);
        Device mac = subject.macs(device -> device.person().id() != null).get(0);
        subject.account().fleet().renameEmail(mac.person(), "renamed@x.example");
        subject.sweeps(Kind.DEVICES, 2);

        assertThat(subject.lines())
                .contains("license.updated u USER_CHANGED " + mac.name())
                .noneMatch(line -> line.startsWith("license.reassigned"));
    }

    @Test
    void hardwareThatEnrolsAnewSaysSoOnWhatEndsAndOnWhatBegins() {
        Subject subject = next(usual);
        Device mac = subject.mac(0);
        subject.account().fleet().reenrol(mac);
        subject.sweeps(Kind.DEVICES, 3);
        subject.sweeps(Kind.APPS, 2);

        List<String> seats = new ArrayList<>(subject.lines());
        seats.removeIf(line -> !Set.of("license.assigned", "license.revoked").contains(line.split(" ")[0]));
        assertThat(seats)
                .containsExactlyInAnyOrder(
                        "license.assigned c DEVICE_REENROLLED " + mac.name(),
                        "license.revoked d DEVICE_REENROLLED " + mac.name());
        subject.isTruth();
    }

    @Test
    void serialNumbersHaveOneFormInEventsAndTables() {
        Subject subject = next(usual);
        Device joined = subject.joins(" c02lower ");
        subject.sweep(Kind.DEVICES);

        assertThat(subject.events())
                .filteredOn(event -> event.line().equals("license.assigned c DEVICE_ENROLLED " + joined.name()))
                .extracting(event -> event.after().get("serial_number"))
                .containsExactly("C02LOWER");
        subject.recovers();
    }
}
