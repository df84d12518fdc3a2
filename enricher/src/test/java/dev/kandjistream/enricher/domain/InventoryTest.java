package dev.kandjistream.enricher.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class InventoryTest {
    private static final Rules RULES = new Rules(1, Set.of("Helper", "updater"), Set.of("Mac"));
    private static final Instant FIRST = Instant.parse("2025-03-01T00:00:00Z");
    private static final Instant SECOND = FIRST.plusSeconds(60);

    private static AppRow row(String name, String bundleId, String version, String path) {
        return new AppRow(name, bundleId, version, path, null, null, null, null, null, FIRST);
    }

    private static Inventory read(Inventory before, Instant at, AppRow... rows) {
        return Inventory.following(before, List.of(rows), RULES, false, at, at);
    }

    private static List<String> ids(AppRow... rows) {
        return read(Inventory.EMPTY, FIRST, rows).apps().stream()
                .map(InstalledApp::appId)
                .toList();
    }

    @Test
    void anAppIsKnownByItsBundleIdAsGiven() {
        assertThat(ids(row("Figma", "com.figma.Desktop", "1", null))).containsExactly("com.figma.Desktop");
    }

    @Test
    void withoutABundleIdItIsKnownByItsNormalisedName() {
        assertThat(ids(row("  \uff26igma\u00a0 Beta.APP ", "No value", "1", null)))
                .containsExactly("name:figma beta");
        assertThat(ids(row("Straße .app", " ", "1", null))).containsExactly("name:straße");
        assertThat(ids(row(null, null, "1", "/Applications/Quux.app"))).containsExactly("name:quux");
    }

    @Test
    void aRowThatIsNotAboutAnyAppIsLeftOut() {
        assertThat(ids(row(null, null, "1", null), row(" ", "", "1", "/"), row(".app", null, "1", null)))
                .isEmpty();
    }

    @Test
    void theShortestPathNamesTheAppAndThenTheAlphabet() {
        var kept = read(
                        Inventory.EMPTY,
                        FIRST,
                        row("Zoom B", "us.zoom", "10", "/A/z.app"),
                        row("Zoom A", "us.zoom", "2", "/A/z.app"),
                        row("Aaa", "us.zoom", "2", "/Applications/z.app"))
                .apps()
                .get(0)
                .kept()
                .orElseThrow();

        assertThat(kept.facts().name()).isEqualTo("Zoom A");
        assertThat(kept.versions()).containsExactly("10", "2");
    }

    @Test
    void namesWithASuppressedWordAreLeftOutInAnyCaseAndBundleIdsAreNot() {
        var inventory = read(
                Inventory.EMPTY,
                FIRST,
                row("Slack HELPER (GPU)", "com.slack", "1", "/h"),
                row("Slack", "com.slack", "2", "/Applications/Slack.app"),
                row("Tool", "com.tool.helper", "1", "/t"),
                row("AutoUpdater", "com.update", "1", "/u"));

        assertThat(inventory.apps().get(0).kept().orElseThrow().versions()).containsExactly("2");
        assertThat(inventory.apps().get(1).kept()).isPresent();
        assertThat(inventory.apps().get(2).kept()).isEmpty();
        assertThat(inventory.newlySuppressed(Inventory.EMPTY)).containsExactlyInAnyOrder("helper", "updater");
        assertThat(inventory.newlySuppressed(inventory)).isEmpty();
    }

    @Test
    void whatSaysTheSameKeepsItsTimes() {
        var before =
                read(Inventory.EMPTY, FIRST, row("Figma", "com.figma", "1", "/f"), row("Zoom", "us.zoom", "1", "/z"));
        var after = read(
                before,
                SECOND,
                row("Zoom", "us.zoom", "2", "/z"),
                row("Figma", "com.figma", "1", "/f"),
                row("Figma Helper", "com.figma", "9", "/f/h"));

        assertThat(after.apps().get(0).changedAt()).isEqualTo(FIRST);
        assertThat(after.apps().get(1).changedAt()).isEqualTo(SECOND);
    }

    @Test
    void otherRulesBringBackWhatWasLeftOut() {
        var inventory = read(Inventory.EMPTY, FIRST, row("Slack Helper", "com.slack", "1", "/h"));
        var judged = inventory.judged(new Rules(2, Set.of(), Set.of()));

        assertThat(inventory.apps().get(0).kept()).isEmpty();
        assertThat(judged.apps().get(0).kept()).isPresent();
        assertThat(judged.judged(RULES)).isEqualTo(inventory);
    }

    @Test
    void rulesThatTakeTwoAppsForOneMakeItAsOldAsTheirLatestChangeAndAsBaselineAsEither() {
        var first =
                Inventory.following(Inventory.EMPTY, List.of(row("Foo", null, "1", "/foo")), RULES, true, FIRST, FIRST);
        var both = read(first, SECOND, row("Foo", null, "1", "/foo"), row("Foo", " com.foo ", "2", "/f"));
        var other = new Rules(2, Set.of(), Set.of(), Set.of("com.foo"));

        var judged = both.judged(other).apps();

        assertThat(judged).hasSize(1);
        assertThat(judged.get(0).appId()).isEqualTo("name:foo");
        assertThat(judged.get(0).changedAt()).isEqualTo(SECOND);
        assertThat(judged.get(0).baseline()).isTrue();
        assertThat(judged.get(0).kept().orElseThrow().versions()).containsExactly("1", "2");
        assertThat(judged.get(0).kept().orElseThrow().facts().bundleId()).isNull();
        var apart = new Inventory(judged).judged(RULES).apps();
        assertThat(apart.stream().map(InstalledApp::appId)).containsExactly("com.foo", "name:foo");
        assertThat(apart.get(0).kept().orElseThrow().versions()).containsExactly("2");
    }

    @Test
    void whatStandsForNoBundleIdIsNone() {
        for (String none :
                List.of("No value", " NO\u00a0 VALUE", "(null)", "Null", "n/a", "-", "x", "XxX", "...", "\u200b")) {
            assertThat(ids(row("Foo", none, "1", null))).as(none).containsExactly("name:foo");
        }
        for (String id : List.of("com.null", "null.app", "nul", "No values", "xy", "\u65e5\u672c")) {
            assertThat(ids(row("Foo", "\t" + id + " ", "1", null))).as(id).containsExactly(id);
        }
    }

    @Test
    void aNameThatShowsNothingIsNone() {
        var row = new AppRow("\u00a0", null, "1", null, "Foo", null, null, null, null, FIRST);
        assertThat(ids(row)).containsExactly("name:foo");
    }

    @Property
    void theOrderOfRowsDoesNotMatter(@ForAll List<Integer> picks, @ForAll long seed) {
        var rows = new ArrayList<AppRow>();
        for (int pick : picks) {
            int n = Math.floorMod(pick, 64);
            rows.add(new AppRow(
                    n % 3 == 0 ? null : "App " + n % 4,
                    n % 2 == 0 ? "com.app" + n % 3 : null,
                    n % 5 == 0 ? null : "v" + n % 5,
                    "/p".repeat(1 + n % 2),
                    null,
                    "Dev " + n % 7,
                    null,
                    null,
                    null,
                    n % 11 == 0 ? null : FIRST.plusSeconds(n)));
        }
        var inOrder = Inventory.following(Inventory.EMPTY, rows, RULES, true, FIRST, null);
        java.util.Collections.shuffle(rows, new Random(seed));

        assertThat(Inventory.following(Inventory.EMPTY, rows, RULES, true, FIRST, null))
                .isEqualTo(inOrder);
    }
}
