package dev.kandjistream.poller.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** App rows that lose what identifies them, and lists that an operator rejected. */
class AppEvidenceTest {
    /** Ways to lose fields that leave less than a row to know an app by. */
    enum Lost {
        BUNDLE_ID,
        BUNDLE_ID_FOR_A_PLACEHOLDER,
        BUNDLE_ID_AND_PATH,
        BUNDLE_ID_AND_CASE_OF_NAME,
        BUNDLE_ID_AND_SUFFIX_OF_NAME,
        BUNDLE_ID_AND_PATH_AND_CASE_OF_NAME,
        PATH,
        PATH_AND_NAME,
        NAME,
        NAME_FOR_INVISIBLE_CHARACTERS,
        NAME_AND_BUNDLE_NAME,
        NAME_AND_BUNDLE_ID,
        ALL;

        App of(App row) {
            String upper = row.name() == null ? null : row.name().toUpperCase(Locale.ROOT);
            String suffixed = row.name() == null ? null : row.name() + ".app";
            return switch (this) {
                case BUNDLE_ID -> app(row, row.name(), null, row.path(), row.bundleName());
                case BUNDLE_ID_FOR_A_PLACEHOLDER -> app(row, row.name(), "No value", row.path(), row.bundleName());
                case BUNDLE_ID_AND_PATH -> app(row, row.name(), null, null, row.bundleName());
                case BUNDLE_ID_AND_CASE_OF_NAME -> app(row, upper, null, row.path(), row.bundleName());
                case BUNDLE_ID_AND_SUFFIX_OF_NAME -> app(row, suffixed, null, row.path(), row.bundleName());
                case BUNDLE_ID_AND_PATH_AND_CASE_OF_NAME -> app(row, upper, null, null, row.bundleName());
                case PATH -> app(row, row.name(), row.bundleId(), null, row.bundleName());
                case PATH_AND_NAME -> app(row, null, row.bundleId(), null, row.bundleName());
                case NAME -> app(row, null, row.bundleId(), row.path(), row.bundleName());
                case NAME_FOR_INVISIBLE_CHARACTERS ->
                    app(row, AppFleet.INVISIBLE, row.bundleId(), row.path(), row.bundleName());
                case NAME_AND_BUNDLE_NAME -> app(row, null, row.bundleId(), row.path(), null);
                case NAME_AND_BUNDLE_ID -> app(row, null, null, row.path(), row.bundleName());
                case ALL -> app(row, null, null, null, null);
            };
        }

        private static App app(App row, String name, String bundleId, String path, String bundleName) {
            return new App(
                    name, bundleId, row.version(), null, path, bundleName, null, null, null, null, row.category());
        }
    }

    @ParameterizedTest
    @EnumSource
    void rowsThatLoseWhatIdentifiesThemEndNothingHoweverLong(Lost lost) {
        AppFleet fleet = AppFleet.of(120, 4);
        AppFleet.Lie lie = (device, row) -> List.of(AppFleet.isOneOf(22, device) ? lost.of(row) : row);
        for (int sweep = 0; sweep < 40; sweep++) {
            assertThat(fleet.sweep(lie).retracted()).isZero();
            assertThat(fleet.missing()).isEmpty();
        }
        Verdict restored = fleet.sweep(AppFleet.NONE);
        assertThat(restored.retracted() + restored.withheld()).isZero();
        assertThat(fleet.usages).isEqualTo(fleet.wanted());
    }

    /** One row of a device loses the field; another app of it really goes, and a third comes. */
    @ParameterizedTest
    @EnumSource
    void besidesSuchARowAppsComeAtOnceAndGoOnceItCanBeReadAgain(Lost lost) {
        AppFleet fleet = AppFleet.of(30, 6);
        List<App> apps = fleet.truth.get("device-3");
        apps.remove(5);
        apps.add(AppFleet.app(77));
        AppFleet.Lie lie =
                (device, row) -> List.of(device.equals("device-3") && row.equals(AppFleet.app(2)) ? lost.of(row) : row);
        fleet.sweep(lie);
        assertThat(fleet.usages.get("device-3")).contains("com.example.app77", "com.example.app5", "com.example.app2");
        assertThat(fleet.sweep(AppFleet.NONE).retracted()).isEqualTo(1);
        assertThat(fleet.usages).isEqualTo(fleet.wanted());
    }

    @Test
    void namesThatAreMissingMakeNoHelpersAndNoOtherApps() {
        var fleet = AppFleet.of(120, 4);
        for (int device = 0; device < 16; device++) {
            App row = device < 8
                    ? AppFleet.app("Tool", null, "/usr/local/tool", "tool")
                    : AppFleet.app("Tool", "com.example.tool", "/Applications/Tool.app", "Tool Helper");
            fleet.truth.get("device-" + device).add(row);
        }
        fleet.sweep(AppFleet.NONE);
        Verdict verdict = fleet.sweep((device, row) -> List.of("Tool".equals(row.name()) ? Lost.NAME.of(row) : row));
        assertThat(verdict.retracted()).isZero();
        assertThat(verdict.waiting()).hasSize(16).allSatisfy(item -> assertThat(item.reason())
                .contains("cannot be read or lack"));
        assertThat(fleet.missing()).isEmpty();
    }

    static Stream<Arguments> rowsThatNeverHadIt() {
        return Stream.of(
                        AppFleet.app("Script", null, "/usr/local/script", null),
                        AppFleet.app("Script", "com.example.script", null, null),
                        AppFleet.app("Script", null, null, null),
                        AppFleet.app(null, "com.example.script", null, "Script"),
                        AppFleet.app(null, null, "/usr/local/script", null))
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("rowsThatNeverHadIt")
    void aRowThatNeverHadTheFieldEndsLikeAnyOtherAndHoldsNoOther(App row) {
        AppFleet fleet = AppFleet.of(30, 4);
        fleet.truth.get("device-3").add(row);
        fleet.sweep(AppFleet.NONE);
        fleet.truth.get("device-3").remove(AppFleet.app(0));
        assertThat(fleet.sweep(AppFleet.NONE).retracted()).isEqualTo(1);
        fleet.truth.get("device-3").remove(row);
        assertThat(fleet.sweep(AppFleet.NONE).retracted()).isEqualTo(1);
        assertThat(fleet.usages).isEqualTo(fleet.wanted());
    }

    @Test
    void aRowThatNeverHadTheFieldMayComeAsAnotherGoes() {
        AppFleet fleet = AppFleet.of(30, 4);
        fleet.truth.get("device-3").remove(AppFleet.app(0));
        fleet.truth.get("device-3").add(AppFleet.app("Script", null, "/usr/local/script", null));
        assertThat(fleet.sweep(AppFleet.NONE).retracted()).isEqualTo(1);
        assertThat(fleet.usages).isEqualTo(fleet.wanted());
    }

    @Test
    void anotherNameIsAnotherRowButAnotherCaseOfItIsNot() {
        AppFleet fleet = AppFleet.of(30, 4);
        App was = fleet.truth.get("device-3").remove(0);
        fleet.truth.get("device-3").add(AppFleet.app("APP 0", was.bundleId(), was.path(), was.bundleName()));
        Verdict sameRow = fleet.sweep(AppFleet.NONE);
        assertThat(sameRow.retracted() + sameRow.withheld()).isZero();
        fleet.truth.get("device-3").remove(3);
        fleet.truth.get("device-3").add(AppFleet.app("App 0 Helper", was.bundleId(), was.path(), was.bundleName()));
        assertThat(fleet.sweep(AppFleet.NONE).retracted()).isEqualTo(1);
        assertThat(fleet.usages).isEqualTo(fleet.wanted());
    }

    /** Rows without a path are not as many as would be too many, and their devices report. */
    private static AppFleet.Lie without(int row, String... devices) {
        return (device, app) ->
                Set.of(devices).contains(device) && app.equals(AppFleet.app(row)) ? List.of() : List.of(app);
    }

    @Test
    void aRejectionOutlivesARowThatCannotBeRead() {
        AppFleet fleet = AppFleet.of(30, 4);
        String[] three = {"device-1", "device-2", "device-3"};
        // Not reported: what the walk says of them waits.
        fleet.sweep(without(0, three), Set.of(three));
        AppFleet.Lie lacking = without(0, three);
        fleet.order("reject", three);
        for (Set<String> unread : List.of(Set.of("device-1"), Set.of("device-2", "device-3"), Set.<String>of())) {
            Verdict verdict = fleet.sweep(lacking, unread);
            assertThat(verdict.retracted()).isZero();
            assertThat(verdict.waiting()).hasSize(3).allMatch(item -> item.order() == Order.REJECTED);
        }
        assertThat(fleet.sweep(without(0, "device-1")).waiting()).hasSize(1);
        fleet.order("approve", "device-1");
        assertThat(fleet.sweep(without(0, "device-1")).retracted()).isEqualTo(1);
    }

    @Test
    void aRejectionOutlivesWhateverElseTheListLacks() {
        AppFleet fleet = AppFleet.of(30, 4);
        fleet.sweep(without(0, "device-1"), Set.of("device-1"));
        fleet.order("reject", "device-1");
        AppFleet.Lie more = (device, app) ->
                device.equals("device-1") && (app.equals(AppFleet.app(0)) || app.equals(AppFleet.app(1)))
                        ? List.of()
                        : List.of(app);
        AppFleet.Lie lost = (device, app) -> device.equals("device-1")
                ? app.equals(AppFleet.app(0)) ? List.of() : List.of(Lost.NAME.of(app))
                : List.of(app);
        AppFleet.Lie none = (device, app) -> device.equals("device-1") ? List.of() : List.of(app);
        for (AppFleet.Lie lie : List.of(more, lost, none, without(1, "device-1"), without(0, "device-1"))) {
            assertThat(fleet.sweep(lie).retracted()).isZero();
            assertThat(fleet.missing()).isEmpty();
        }
        assertThat(fleet.sweep(AppFleet.NONE).withheld()).isZero();
        assertThat(fleet.ledger.entry("device-1").apps().absence()).isNull();
    }

    /** Uninstalls and updates go on everywhere meanwhile, and are none of the operator's business. */
    @Test
    void theApprovedLossOfAFieldIsTheNewShapeWhateverElseGoesOnInThatSweep() {
        AppFleet fleet = AppFleet.of(60, 5);
        AppFleet.Lie withoutPaths = (device, row) -> AppFleet.isOneOf(30, device)
                ? List.of(AppFleet.app(row.name(), row.bundleId(), null, row.bundleName()))
                : List.of(row);
        assertThat(fleet.sweep(withoutPaths).outcome()).isEqualTo(Verdict.Outcome.QUARANTINED);
        for (int device = 0; device < 30; device++) {
            fleet.order("approve", "device-" + device);
        }
        fleet.truth.get("device-50").remove(0);
        fleet.sweep(withoutPaths);
        for (int sweep = 0; sweep < 4; sweep++) {
            fleet.truth.get("device-" + (40 + sweep)).add(AppFleet.app(90 + sweep));
            fleet.truth.get("device-" + sweep).add(AppFleet.app(90 + sweep));
            assertThat(fleet.sweep(withoutPaths).outcome()).isEqualTo(Verdict.Outcome.COMPLETE);
        }
        assertThat(fleet.usages).isEqualTo(fleet.wanted());
    }
}
