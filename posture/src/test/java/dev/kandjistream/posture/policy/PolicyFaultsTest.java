package dev.kandjistream.posture.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kandjistream.config.ConfigException;
import dev.kandjistream.config.Fault;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyFaultsTest {
    private static final PolicyReader READER = new PolicyReader();

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiterString = " | ",
            quoteCharacter = '~',
            value = {
                // Names
                "mdm_enable == false | attributes and functions that are known, found mdm_enable, which is none;"
                        + " did you mean mdm_enabled?",
                "connection == available | attributes and functions that are known, found available, which is none;"
                        + " write \"available\" in quotes",
                "has(taggs) | attributes and functions that are known, found taggs, which is none; did you mean tags?",
                "daysold(7) == checked_in_ago | attributes and functions that are known, found daysold, which is none; attributes are",
                "model.startWith('Mac') | attributes and functions that are known, found startWith, which is none;"
                        + " did you mean startsWith?",
                // Form
                "mdm_enabled = true | a condition in CEL, found token recognition error at: '= '; == compares",
                "mdm_enabled and attributed | a condition in CEL, found mismatched input 'and';",
                "mdm_enabled && | a condition in CEL, found mismatched input its end;",
                "has('x') | a condition in CEL, found has(...) of something else than an attribute or a key of context",
                "has(context) | a condition in CEL, found has(...) of context as a whole, which is always there; ask for a key,",
                // Types
                "platform | a condition that is true or false, found one that is a text; compare it",
                "mdm_enabled == 'yes' | operands that go together, found == of (true-or-false, text);"
                        + " compare with true or false, without quotes",
                "os_version >= 15.2 | operands that go together, found >= of (version, double);"
                        + " compare os_version with a version in quotes",
                "os_version in ['15.2'] | operands that go together, found in of (version, list(text)); compare os_version",
                "os_version.startsWith('15') | operands that go together, found startsWith of version.(text); compare os_version",
                "os_version > tags | operands that go together, found > of (version, list(text)); compare os_version",
                "checked_in_ago < 7 | operands that go together, found < of (span, number);"
                        + " compare spans with spans, such as days(7) or duration(\"12h\")",
                "'exec' == tags | operands that go together, found == of (text, list(text))",
                // Values
                "connection == 'avialable' | one of \"available\", \"stale\", \"unavailable\", found \"avialable\", which connection"
                        + " never is; did you mean \"available\"?",
                "!(connection_reason in ['serial_unknown', 'gone']) | one of \"\", \"data_too_old\",",
                "os_version >= 'Sequoia' | a version such as 15.2 or 13.3.1 (a), found \"Sequoia\"",
                "'new' < os_version | a version such as 15.2 or 13.3.1 (a), found \"new\"",
                "platform == 'macOS' | a platform in Kandji's words, found \"macOS\", which platform never is;"
                        + " write \"Mac\", or platform: beside when:",
                "user_email == 'Ada@acme.com' | an email in lower case, like user_email, found one with capitals",
                "data_age < duration('2d') | a span such as \"12h\" or \"1h30m\", found \"2d\"; write days by days(7)",
                "data_age < days(99999999) | a number of days from 0 to 3650000, found 99999999",
                "os_version >= '15,2' | a version such as 15.2 or 13.3.1 (a), found \"15,2\"; write \"15.2\"",
                "os_version >= '13.3.1  (a)' | a version such as 15.2 or 13.3.1 (a), found \"13.3.1  (a)\"; write \"13.3.1 (a)\"",
                "os_version == '015.02' | a version such as 15.2 or 13.3.1 (a), found \"015.02\"; write \"15.2\"",
                "os_version >= '15.2beta' | a version such as 15.2 or 13.3.1 (a), found \"15.2beta\"; write at most 8 numbers",
                "os_version >= '1.2.3.4.5.6.7.8.9.10' | a version such as 15.2 or 13.3.1 (a), found \"1.2.3.4.5.6.7.8.9.10\";",
                "os_version >= '15.99999999999999999999' | a version such as 15.2 or 13.3.1 (a), found"
                        + " \"15.99999999999999999999\"; write no number above 999999999",
                "os_version >= '1000000000' | a version such as 15.2 or 13.3.1 (a), found \"1000000000\";"
                        + " write no number above 999999999",
                "os_version >= '1.2.3.4.5.6.7.8.9' | a version such as 15.2 or 13.3.1 (a), found \"1.2.3.4.5.6.7.8.9\";"
                        + " write at most 8 numbers, not 9",
                "os_version >= '15.6\u00a0(a)' | a version such as 15.2 or 13.3.1 (a), found \"15.6[U+00A0](a)\"; write \"15.6 (a)\"",
                "os_version >= '15.6\u200b' | a version such as 15.2 or 13.3.1 (a), found \"15.6[U+200B]\"; write \"15.6\"",
                "os_version >= '\uff11\uff15.\uff16' | a version such as 15.2 or 13.3.1 (a), found"
                        + " \"[U+FF11][U+FF15].[U+FF16]\"; write \"15.6\"",
                "os_version >= '15.6 (A)' | a version such as 15.2 or 13.3.1 (a), found \"15.6 (A)\"; write \"15.6 (a)\"",
                "os_version >= '15.6 (abc)' | a version such as 15.2 or 13.3.1 (a), found \"15.6 (abc)\";"
                        + " write a suffix of one or two letters, such as (a)",
                "platform == 'M\u0430c' | one of \"Mac\", \"iPhone\", \"iPad\", \"AppleTV\", \"Android\", \"Windows\", \"Vision\","
                        + " \"AppleVision\", \"visionOS\", found \"M[U+0430]c\", which platform never is",
                "data_age <\u00a0days(7) | a condition in CEL, found token recognition error at: '[U+00A0]'",
                "data_age < duration('1\u00a0h') | a span such as \"12h\" or \"1h30m\", found \"1[U+00A0]h\"",
                "tags.exists(model, os_version >= '15.2 RC') | a version such as 15.2 or 13.3.1 (a), found \"15.2 RC\"",
                "(is_missing ? os_version : os_version) >= '15,2' | a version such as 15.2 or 13.3.1 (a), found \"15,2\"",
                "os_version >= (is_missing ? '15,2' : '15') | a version such as 15.2 or 13.3.1 (a), found \"15,2\"",
                "{'a': os_version >= '15,2'}['a'] | a version such as 15.2 or 13.3.1 (a), found \"15,2\"",
                "os_version >= '15' + ',2' | a version in quotes, or a value of context, found a value that is not a version",
                "os_version >= os_build | a version in quotes, or a value of context, found a value that is not a version",
                "'avialable' in [connection] | one of \"available\", \"stale\"",
                "platform == 'windows' | a platform in Kandji's words, found \"windows\"",
                "platform != 'Linux' | one of \"Mac\", \"iPhone\", \"iPad\", \"AppleTV\", \"Android\", \"Windows\",",
                "user_email.endsWith('@Acme.com') | an email in lower case, like user_email, found one with capitals",
                "data_age < days(-7) | a number of days from 0 to 3650000, found -7",
                "data_age < duration('1') | a span such as \"12h\" or \"1h30m\", found \"1\"",
                "data_age < duration(' 1h') | a span such as \"12h\" or \"1h30m\", found \" 1h\"",
                "data_age < duration('-1h') | a span such as \"12h\" or \"1h30m\", found \"-1h\"",
                "data_age < duration('0.01ns') | a span such as \"12h\" or \"1h30m\", found \"0.01ns\"",
                "data_age < duration('12' + 'x') | a span such as \"12h\" or \"1h30m\", found a computed one",
                "size(tags) > int('two') | a text that int(...) can read, found \"two\"",
                "bool('maybe') || is_missing | a text that bool(...) can read, found \"maybe\"",
                "model.matches('Mac(') | a regular expression as RE2 knows them, found missing closing )",
                "model.matches('((a{100}){100}){100}') | a regular expression of at most 10000 steps, found one of 1020202;"
                        + " repeat less, for it is gone through at every decision",
                "model.matches(context.pattern) | a regular expression in quotes, found one that is made when it is asked;"
                        + " write it out, because an asker could send one that takes a second",
                "matches('a', model) | a regular expression in quotes, found one that is made when it is asked",
                // Uses that hide a value
                "dyn(os_version) != '15,2' | values whose types are checked, found dyn(...)",
                "os_version != dyn('15,2') | values whose types are checked, found dyn(...)",
                "dyn(os_version) != 15 | values whose types are checked, found dyn(...)",
                "!(dyn(os_version) in ['15.2']) | values whose types are checked, found dyn(...)",
                "dyn(connection) == 'x' | values whose types are checked, found dyn(...)",
                "['15,2', '15.1'].exists(v, os_version >= v) | a version such as 15.2 or 13.3.1 (a), found \"15,2\"",
                "tags.exists(v, os_version >= v) | a version in quotes, or a value of context",
                "os_version >= {'a': '15,2'}['a'] | a version in quotes, or a value of context",
                "os_version >= [context.a, '15,2'][1] | a version in quotes, or a value of context",
                "os_version >= tags[0] | a version in quotes, or a value of context",
                "os_version >= string(size(tags)) | a version in quotes, or a value of context",
                "os_version >= context.a + '' | a version in quotes, or a value of context",
                "[os_version] == [] | os_version compared directly by == != < <= > >=, found another use of it",
                "os_version == os_version | a version in quotes, or a value of context",
                "[os_version].exists(v, v >= '15,2') | os_version compared directly",
                "type(os_version) == type('a') | os_version compared directly",
                "connection.matches('avail.*') | connection compared directly by ==, != or in, found another use of it;"
                        + " write connection == \"stale\", or connection in [\"stale\", \"unavailable\"]",
                "!connection.startsWith('un') | connection compared directly",
                "connection_reason.endsWith('x') | connection_reason compared directly",
                "!platform.contains('mac') | platform compared directly",
                "connection + '' == 'available' | connection compared directly",
                "size(platform) > 3 | platform compared directly",
                "connection < 'b' | connection compared directly",
                "connection == (is_missing ? 'avialable' : 'stale') | one of \"available\", \"stale\", \"unavailable\", found \"avialable\"",
                "(is_missing ? connection : connection) == 'avialable' | one of \"available\", \"stale\"",
                "(is_missing ? connection : model) == 'available' | connection compared directly",
                "connection == {'a': 'available'}['a'] | connection compared directly",
                "!(connection in {'avialable': 1}) | connection compared directly",
                "!(connection in ['stale'] + ['x']) | connection compared directly",
                "connection in (is_missing ? ['stale'] : ['stahle']) | one of \"available\", \"stale\"",
                "['stahle'].exists(w, connection == w) | one of \"available\", \"stale\"",
                "['a'].all(w, connection != w) | one of \"available\", \"stale\"",
                "tags.all(w, platform != w) | platform compared directly",
                "[connection].all(c, c != 'x') | connection compared directly",
                "[connection] != ['x'] | connection compared directly",
                "connection == model | connection compared directly",
                "model == connection | connection compared directly",
                "connection in tags | connection compared directly",
                "string(mdm_enabled) != 'yes' | values compared as they are, found string(...)",
                "model == '' | a text that is not blank, because blank text is missing, found a blank one;"
                        + " write has(model) or !has(model)",
                "lost_mode != ' ' | a text that is not blank",
                "user_email == (is_missing ? '' : 'a@b.c') | a text that is not blank",
                "!(blueprint in ['', 'x']) | a text that is not blank",
                "user_email != (is_missing ? 'Ada@acme.com' : 'b@acme.com') | an email in lower case",
                "!(user_email in (is_missing ? ['Ada@acme.com'] : [])) | an email in lower case",
                "['Ada@acme.com'].all(e, user_email != e) | an email in lower case",
                "user_email != 'Ada' + '@acme.com' | an email in lower case",
                "user_email != {'a': 'Ada@acme.com'}['a'] | an email in lower case",
                "!(user_email in ['a@b.c'] + ['Ada@acme.com']) | an email in lower case",
                "!user_email.endsWith(is_missing ? '@Acme.com' : '@b.c') | an email in lower case",
                "!user_email.matches('.*@Acme[.]com') | an email in lower case",
                "checked_in_ago < days(3 + 4) | a number of days from 0 to 3650000, found a computed one; write it out",
                "checked_in_ago < days(size(tags)) | a number of days from 0 to 3650000, found a computed one",
                "checked_in_ago < days(0 - 7) | a number of days from 0 to 3650000, found a computed one",
                "data_age < duration(is_missing ? '2d' : '1h') | a span such as \"12h\" or \"1h30m\", found \"2d\"",
                "data_age < duration(model) | a span such as \"12h\" or \"1h30m\", found a computed one",
                "data_age > days(1) - days(2) | spans of at least 0, found a difference, which may be below 0;",
                "checked_in_ago < data_age - days(1) | spans of at least 0, found a difference",
                "size(tags) > int(is_missing ? 'two' : '2') | a text that int(...) can read, found \"two\"",
                // Sense
                "false | a condition that can be true, found one that never is",
                "connection == 'stale' && connection == 'available' | a condition that can be true",
                "mdm_enabled && !mdm_enabled | a condition that can be true",
                "os_version >= '15.2' && os_version < '15.2.0' | a condition that can be true",
                "checked_in_ago < days(1) && checked_in_ago > duration('24h') | a condition that can be true",
                "data_age < duration('0s') | a condition that can be true",
                "has(tags) && !has(tags) | a condition that can be true",
                "'a' in tags && !('a' in tags) && context.app == 'vpn' | a condition that can be true",
                "platform == 'iPad' && platform != 'iPad' | a condition that can be true",
            })
    void aConditionThatWillNotDoIsToldWithTheWayOut(String condition, String expected) {
        List<Fault> faults = faults("""
                rules:
                  - name: only
                    when: |
                      %s
                    outcome: allow
                """.formatted(condition));
        assertThat(faults).hasSize(1);
        Fault fault = faults.get(0);
        assertThat(fault.message()).startsWith("expected " + expected);
        assertThat(fault.key()).isEqualTo("rules[0].when");
        // The last ones hold of the whole condition, and stand where it begins.
        assertThat(fault.place().line()).isIn(3, 4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "true",
                "mdm_enabled == false",
                "!has(mdm_enabled) || !mdm_enabled",
                "os_version >= \"15.2\" && \"16\" > os_version",
                "os_version != '15.2.1 (a)' || os_version > '13.3.1(b)' || '14' == os_version",
                "checked_in_ago <= days(7) && data_age < duration('1h30m')",
                "'exec' in tags || tags.exists(tag, tag.startsWith('vip'))",
                "tags.all(t, t != 'lost') && size(tags) > 0",
                "platform in ['Mac', 'Windows'] && model.matches('Mac.*')",
                "user_email.endsWith('@acme.com') && user_matches",
                "context.app == 'vpn' || has(context.network) && context['network'] in ['office']",
                "connection == 'available' ? mdm_enabled : connection_reason == 'data_too_old'",
                "os_version >= context.least",
                "connection_reason == ''",
                "serial_ambiguous == false && true != is_missing",
                "tags.exists(platform, platform == 'macOS')",
                "enrolled_ago > days(2) && enrolled_ago < days(2) + duration('1h')",
                "lost_mode != 'ENABLED'",
                "os_version >= (is_missing ? '15.2' : context['least'])",
                "['15.2', '15.1'].exists(v, os_version >= v)",
                "(is_missing ? os_version : os_version) >= '15.2'",
                "connection == context.wanted && platform in ['Mac', context.other]",
                "connection in (is_missing ? ['stale'] : ['available', 'stale'])",
                "(is_missing ? connection : connection) != 'stale'",
                "tags.exists(connection, connection.startsWith('x'))",
                "user_email.matches('[A-Za-z]+@acme[.]com') && user_email.matches('(?i)ADA.*') && user_email.matches('\\\\Sx')",
                "data_age < duration(context.longest) && data_age < duration(is_missing ? '1h' : '2h')",
                "data_age + days(1) > checked_in_ago",
                "model == (is_missing ? 'A' : 'B') && size(tags) - 1 > 2",
            })
    void whatMakesSenseIsRead(String condition) {
        READER.read("rules: [{name: only, outcome: monitor, when: %s}]".formatted(yaml(condition)), "policy.yml");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "15.",
                ".5",
                "15..2",
                "15,2",
                "15.2beta",
                "15.2 beta",
                "15.2 RC",
                "13.3.1 (a",
                "13.3.1 a",
                "13.3.1 a)",
                "13.3.1 ()",
                "13.3.1 (1)",
                "13.3.1 (A)",
                "13.3.1 (abc)",
                "13.3.1 (a) (b)",
                "13.3.1  (a)",
                "13.3.1\t(a)",
                " 15.2",
                "15.2 ",
                "15.2\\n",
                "v15.2",
                "macOS 15.2",
                "-1",
                "+15",
                "15-2",
                "1.2.3.4.5.6.7.8.9",
                "99999999999",
                "015.2",
                "15.02",
                "\u0661\u0665",
                "15.2\u00a0(a)",
                "15.*",
                "15.x",
                ">=15",
                "Sequoia"
            })
    void aVersionOfAnotherFormIsRefusedWhereverItStands(String version) {
        String quoted = version.equals("15.2\\n") ? "'15.2\\n'" : "'" + version + "'";
        for (String condition : List.of("os_version >= %s", "%s != os_version", "is_missing && !(os_version < %s)")) {
            List<Fault> faults = faults("""
                    rules:
                      - name: only
                        when: |
                          %s
                        outcome: allow
                    """.formatted(condition.formatted(quoted)));
            assertThat(faults).singleElement().satisfies(fault -> {
                assertThat(fault.key()).isEqualTo("rules[0].when");
                assertThat(fault.message()).startsWith("expected a version such as 15.2 or 13.3.1 (a), found ");
            });
        }
    }

    @Test
    void aLookupThatIsNeverMadeIsLeftOut() {
        assertThat(faults("live_lookup: {when: []}\nrules: [{name: only, outcome: allow, when: mdm_enabled}]"))
                .singleElement()
                .satisfies(
                        fault -> assertThat(fault.message()).startsWith("expected unknown, stale or both, found none"));
    }

    @Test
    void everyFaultIsToldAtOnceWithItsLine() {
        assertThat(faults("""
                live_lookup: { when: [unknown, often], deadline: 2m }
                no_mach: Go away.
                rules:
                  - name: one
                    platform: Linux
                    when: true
                    outcome: deny
                  - name: one
                    when: |
                      mdm_enabled &&
                        agent_instaled ||
                        os_version > "new"
                    outcome: maybe
                    notfication: No.
                  - outcome: allow
                    notification: Welcome.
                  - name: none
                    when: os_version > 15
                    outcome: deny
                """).stream().map(Fault::toString))
                .containsExactly(
                        "policy.yml:1 live_lookup.deadline: expected a time of at most 30s, for somebody waits, found a longer one",
                        "policy.yml:1 live_lookup.when: expected unknown, stale or both, found \"often\"",
                        "policy.yml:2 no_mach: expected a key that is known, found an unknown one; did you mean no_match?",
                        "policy.yml:5 rules[0].platform: expected macOS, iOS or all, found \"Linux\"",
                        "policy.yml:8 rules[1].name: expected each name once, found \"one\" again; rename one of them",
                        "policy.yml:11 rules[1].when: expected attributes and functions that are known,"
                                + " found agent_instaled, which is none; did you mean agent_installed?",
                        "policy.yml:13 rules[1].outcome: expected one of allow, monitor, deny, found \"maybe\"",
                        "policy.yml:14 rules[1].notfication: expected a key that is known, found an unknown one;"
                                + " did you mean notification?",
                        "policy.yml:15 rules[2].name: expected letters, digits, - and _, at most 100, found nothing;"
                                + " give the rule a name of its own",
                        "policy.yml:15 rules[2].when: expected text, found nothing; write true for a rule without a condition",
                        "policy.yml:16 rules[2].notification: expected none, for nobody is refused by this rule, found one;"
                                + " remove it, or make the outcome deny",
                        "policy.yml:17 rules[3].name: expected another name, found \"none\", which in tests says that no rule"
                                + " matched; rename it",
                        "policy.yml:18 rules[3].when: expected operands that go together, found > of (version, number);"
                                + " compare os_version with a version in quotes by == != < <= > >=, such as os_version >= \"15.2\"");
    }

    @ParameterizedTest
    @CsvSource({"rules: []", "rules:", "no_match: Sorry.", "''"})
    void aPolicyWithoutRulesIsNone(String text) {
        assertThat(faults(text))
                .extracting(Fault::message)
                .containsExactly("expected at least one rule, found none; without a rule nobody is ever allowed");
    }

    @Test
    void aConditionThatYamlTakesForATagIsToldToBeQuoted() {
        assertThat(faults("rules:\n  - when: !has(mdm_enabled)\n    name: only\n    outcome: deny"))
                .extracting(Fault::toString)
                .containsExactly("policy.yml:2 rules[0].when: expected a value, found a YAML tag (!has(mdm_enabled));"
                        + " put the value in quotes");
    }

    @Test
    void whatYamlIsAtFaultForHidesNoOtherFault() {
        assertThat(faults("""
                rules:
                  - name: one
                    when: mdm_enable == false
                    outcome: deny
                  - name: two
                    when: !has(tags)
                    outcome: allow
                    outcome: deny
                """))
                .extracting(fault -> fault.place().line() + " " + fault.key())
                .containsExactly("3 rules[0].when", "6 rules[1].when", "8 rules[1].outcome");
    }

    private static List<Fault> faults(String text) {
        ConfigException refusal = catchThrowableOfType(ConfigException.class, () -> READER.read(text, "policy.yml"));
        assertThat(refusal).as(text).isNotNull();
        return refusal.faults();
    }

    private static String yaml(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
