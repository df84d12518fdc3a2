package dev.kandjistream.sink.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.schemas.SerialNumbers;
import dev.kandjistream.sink.Judge;
import dev.kandjistream.sink.Servers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the view of serial numbers that do not identify one device, and compares its placeholders with the code's. */
class SerialProblemsIT {
    private static final String PROBLEMS = "SELECT * FROM kandji.serial_problems ORDER BY serial_number";

    private String url;
    private Judge judge;
    private int rows;

    @BeforeEach
    void open() {
        url = Servers.newDatabase();
        judge = new Judge(url);
        migrate(SerialNumbers.DEFAULT_PLACEHOLDERS);
    }

    private void migrate(List<String> placeholders) {
        Database.migrate(url, Servers.user(), () -> new Password(Servers.password()), placeholders);
    }

    private void device(String account, String device, String serial, String user, String email) {
        String table = user == null ? "unattributed_devices" : "devices";
        judge.execute(
                "INSERT INTO kandji." + table + " (account_id, device_id, serial_number, tags, user_id, user_email,"
                        + " record_key, record_partition, generation) VALUES ('" + account + "', '" + device + "', "
                        + text(serial) + ", '{}', " + text(user) + ", " + text(email) + ", 'k" + rows++ + "', 0, 0)");
    }

    private static String text(String value) {
        return value == null ? "NULL" : "'" + value.replace("'", "''") + "'";
    }

    @Test
    void aSerialNumberOfOneDeviceIsNoProblemAndNoneIsNone() {
        device("acme", "d1", "C02A", "7", "ann@x");
        device("acme", "d2", null, "7", "ann@x");
        device("acme", "d3", null, null, null);

        assertThat(judge.rows(PROBLEMS)).isEmpty();
    }

    @Test
    void devicesOfDifferentUsersOrOfNobodyShareIt() {
        device("acme", "d1", "C02A", "7", "ann@x");
        device("acme", "d2", "C02A", "8", "bob@x");
        device("acme", "d3", "C02B", "7", "ann@x");
        device("globex", "d4", "C02B", null, null);
        device("acme", "d5", "C02C", null, null);
        device("acme", "d6", "C02C", null, null);
        // One number in two accounts is not one user.
        device("acme", "d7", "C02D", "7", null);
        device("globex", "d8", "C02D", "7", null);

        assertThat(judge.rows(PROBLEMS))
                .containsExactly(
                        "C02A|shared|2|2|{acme}|{d1,d2}|{7,8}|{ann@x,bob@x}",
                        "C02B|shared|2|1|{acme,globex}|{d3,d4}|{7}|{ann@x}",
                        "C02C|shared|2|0|{acme}|{d5,d6}|{}|{}",
                        "C02D|shared|2|2|{acme,globex}|{d7,d8}|{7}|{}");
    }

    @Test
    void devicesOfOnePersonAreReEnrolled() {
        device("acme", "d1", "C02A", "7", "ann@x");
        device("acme", "d2", "C02A", "7", null);
        device("acme", "d3", "C02B", "7", "ann@x");
        device("globex", "d4", "C02B", "90", "ann@x");
        device("acme", "d5", "C02B", "email:ann@x", "ann@x");
        // Two by two they may be one person, all three are not.
        device("acme", "d6", "C02C", "7", "ann@x");
        device("acme", "d7", "C02C", "7", null);
        device("acme", "d8", "C02C", "email:ann@x", "ann@x");

        assertThat(judge.rows(PROBLEMS))
                .containsExactly(
                        "C02A|re_enrolled|2|1|{acme}|{d1,d2}|{7}|{ann@x}",
                        "C02B|re_enrolled|3|3|{acme,globex}|{d3,d4,d5}|{7,90,email:ann@x}|{ann@x}",
                        "C02C|shared|3|2|{acme}|{d6,d7,d8}|{7,email:ann@x}|{ann@x}");
    }

    @Test
    void aPlaceholderIsOneOnASingleDeviceToo() {
        device("acme", "d1", "TO BE FILLED BY O.E.M.", "7", "ann@x");
        device("acme", "d2", "-1", "7", "ann@x");
        device("globex", "d3", "-1", null, null);
        device("globex", "d4", "XXXXXXXX", null, null);

        assertThat(judge.rows("SELECT serial_number, kind, devices FROM kandji.serial_problems ORDER BY 1"))
                .containsExactly("-1|placeholder|2", "TO BE FILLED BY O.E.M.|placeholder|1", "XXXXXXXX|placeholder|1");
    }

    @Test
    void aDeviceThatStandsInBothTablesForAMomentIsOne() {
        device("acme", "d1", "C02A", "7", "ann@x");
        device("acme", "d1", "C02A", null, null);

        assertThat(judge.rows(PROBLEMS)).isEmpty();
    }

    @Test
    void otherPlaceholdersAreTakenOverAtTheNextStart() {
        device("acme", "d1", "IT''S NONE", "7", "ann@x");
        assertThat(judge.rows(PROBLEMS)).isEmpty();

        migrate(List.of("it''s  None"));
        assertThat(judge.rows("SELECT serial_number, kind FROM kandji.serial_problems"))
                .containsExactly("IT''S NONE|placeholder");
        device("acme", "d2", "UNKNOWN", "7", "ann@x");
        assertThat(judge.number("SELECT count(*) FROM kandji.serial_problems")).isEqualTo(1);

        migrate(List.of());
        assertThat(judge.rows(PROBLEMS)).isEmpty();
    }

    @Test
    void hiddenAndSeparatedPlaceholdersAreOnesAndNothingElseIs() {
        device("acme", "d1", "0\u200b0\u200b0", "7", "ann@x");
        device("acme", "d2", "N\u043eNE", "7", "ann@x");
        device("acme", "d3", "\uff2e\uff21", "7", "ann@x");
        device("acme", "d4", "0000000000-0", "7", "ann@x");
        device("acme", "d5", "N\\A", "7", "ann@x");
        device("acme", "d6", "...", "7", "ann@x");
        device("acme", "d7", "0000-0001", "7", "ann@x");
        device("acme", "d8", "PF-2ABCDE", "7", "ann@x");

        assertThat(judge.rows("SELECT device_ids FROM kandji.serial_problems WHERE kind = 'placeholder'"))
                .containsExactlyInAnyOrder("{d1}", "{d2}", "{d3}", "{d4}", "{d5}", "{d6}");
    }

    @Test
    void theDatabaseKnowsPlaceholdersAsTheCodeDoes() {
        List<String> texts = new ArrayList<>();
        for (String placeholder : SerialNumbers.DEFAULT_PLACEHOLDERS) {
            texts.add(placeholder);
            texts.add(SerialNumbers.normal(placeholder));
            texts.add(placeholder.toLowerCase(Locale.ROOT).replace(" ", "\u00a0 \t"));
            texts.add(placeholder + "1");
        }
        texts.addAll(
                List.of("——–", "…", "日本", "É", "ÉÉ", "É1", "C02XK1ZZJGH5", "\u2003-\u2003", "0", "00", "0 0", "--1"));
        texts.addAll(List.of(
                "C02\u200b", "\u2800", "\u115f\u3164", "\u00b2\u00b2", "\ufb01", "\u2160\u2160", "\uff11\uff12"));
        texts.addAll(List.of(
                "a\u0301", "\u00a01\u00a0", "\u2007", "\u212a1", "\u017f\u017f1", "\ud835\udfce1", "C\ud83d\ude00"));
        var random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            texts.add(random.ints(1 + random.nextInt(4), 0x21, 0x7f)
                    .mapToObj(Character::toString)
                    .collect(Collectors.joining()));
            texts.add(random.ints(1 + random.nextInt(3), 0xa0, 0xffff)
                    .filter(point -> !Character.isSurrogate((char) point) && Character.isDefined(point))
                    .mapToObj(Character::toString)
                    .collect(Collectors.joining("0", "0", "")));
            texts.add(random.ints(1 + random.nextInt(3), 0, 3)
                    .mapToObj(pick -> List.of("a", "A", "-").get(pick))
                    .collect(Collectors.joining()));
        }
        SerialNumbers serials = SerialNumbers.defaults();

        List<String> distinct = texts.stream().distinct().toList();

        judge.execute("INSERT INTO kandji.unattributed_devices (account_id, device_id, serial_number, tags, record_key,"
                + " record_partition, generation) VALUES "
                + distinct.stream()
                        .map(text -> "('acme', 'd" + rows + "', " + text(text) + ", '{}', 'k" + rows++ + "', 0, 0)")
                        .collect(Collectors.joining(",")));
        assertThat(judge.rows("SELECT serial_number FROM kandji.serial_problems WHERE kind = 'placeholder'"))
                .containsExactlyInAnyOrderElementsOf(
                        distinct.stream().filter(serials::isPlaceholder).toList());
    }
}
