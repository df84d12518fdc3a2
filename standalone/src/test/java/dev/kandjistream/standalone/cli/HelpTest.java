package dev.kandjistream.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.standalone.run.StopSignal;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What the command line says of itself, and of what it does not understand. */
class HelpTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine line = KandjiStream.commandLine(StopSignal.none())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));

    @Test
    void withoutACommandItTellsWhatThereIs() {
        assertThat(line.execute()).isZero();
        assertThat(out.toString().replace("\r", "")).isEqualTo("""
                Usage: kandji-stream [-hV] [--verbose] COMMAND
                Streams Kandji (Iru) device and app inventories as license and usage changes,
                to Kafka and PostgreSQL.

                Options:
                  -h, --help      Show this help message and exit.
                  -V, --version   Print version information and exit.
                      --verbose   Log more, and show the stack trace of a failure.

                Commands:
                  demo         Shows all of it with two simulated accounts.
                  check        Tells whether accounts can be polled, endpoint by endpoint.
                  up           Runs everything in this process for real accounts.
                  poller       Runs the poller alone: accounts into raw topics.
                  enricher     Runs the enricher alone: raw topics into change events.
                  sink         Runs the sink alone: change events into tables.
                  posture      Runs posture alone: answers for devices by serial number.
                  status       Tells how each account stands, from its last sweeps.
                  retractions  Lists what is withheld, and lets you decide about it.
                  deadletters  Lists records that could not be read, and writes them back.
                  republish    Publishes accounts to the raw topics again.
                  replay       Publishes the current state to the change topics again.
                  rebuild      Rebuilds current tables from their topics.
                  policy       Tries a posture policy before it is used.
                  appconfig    Prints what tells an iPhone or iPad app its device's serial
                                 number.
                  simulator    Serves a simulated Kandji API over HTTP.

                Exit codes:
                  0          done, as asked
                  1          not done: an account cannot be polled, a sweep was not whole, a
                               service stopped
                  2          the command line is wrong
                  3          the configuration is wrong
                  130, 143   stopped by Ctrl-C, by SIGTERM
                """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "demo | --once",
                "demo | --devices=N",
                "demo | --apps-per-device=N",
                "demo | --seed=N",
                "demo | --data-dir=DIR",
                "demo | --kafka-port=PORT",
                "check | --url=URL",
                "check | --token-file=FILE",
                "check | --config=FILE",
                "up | --config=FILE",
                "up | --once",
                "up | --data-dir=DIR",
                "poller | --config=FILE",
                "enricher | --config=FILE",
                "sink | --config=FILE",
                "posture | --config=FILE",
                "status | --output=FORM",
                "status | --config=FILE",
                "status | --account=ID",
                "status | --all",
                "status | --details",
                "republish | --config=FILE",
                "republish | --account=ID",
                "republish | --all",
                "republish | --dry-run",
                "republish | --wait=TIME",
                "replay | --config=FILE",
                "replay | --entity=NAME",
                "replay | --account=ID",
                "replay | --dry-run",
                "replay | --wait=TIME",
                "rebuild | --config=FILE",
                "rebuild | --entity=NAME",
                "rebuild | --dry-run",
                "rebuild | --adopt",
                "rebuild | --allow-empty",
                "rebuild | --wait=TIME",
                "appconfig | --key=NAME",
                "simulator | --port=PORT",
                "simulator | --token=TOKEN",
                "simulator | --devices=N",
                "simulator | --seed=N"
            })
    void eachCommandNamesItsOptions(String command, String option) {
        assertThat(line.execute(command, "--help")).isZero();
        assertThat(out.toString())
                .startsWith(line.getSubcommands()
                        .get(command)
                        .getCommandSpec()
                        .usageMessage()
                        .header()[0])
                .contains("Usage: kandji-stream " + command + " ")
                .contains(option)
                .contains("--verbose")
                .contains("Exit codes:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo",
                "check",
                "up",
                "poller",
                "enricher",
                "sink",
                "status",
                "retractions",
                "deadletters",
                "republish",
                "replay",
                "rebuild",
                "appconfig",
                "simulator"
            })
    void noLineIsWiderThanATerminal(String command) {
        line.execute(command, "--help");
        assertThat(out.toString().lines()).allMatch(text -> text.length() <= 80);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "list | --account=ID",
                "list | --config=FILE",
                "approve | --account=ID",
                "approve | --device=ID",
                "approve | --all",
                "approve | --why=TEXT",
                "approve | --by=NAME",
                "approve | --wait[=TIME]",
                "reject | --why=TEXT"
            })
    void eachWordAfterRetractionsNamesItsOptions(String word, String option) {
        assertThat(line.execute("retractions", word, "--help")).isZero();
        assertThat(out.toString())
                .contains("Usage: kandji-stream retractions " + word + " ")
                .contains(option);
        assertThat(out.toString().lines()).allMatch(text -> text.length() <= 80);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "list | --account=ID",
                "list | --limit=N",
                "list | --output=FORM",
                "list | --config=FILE",
                "show | ID",
                "show | --output=FORM",
                "redrive | [ID...]",
                "redrive | --all",
                "redrive | --account=ID",
                "redrive | --dry-run",
                "redrive | --wait=TIME",
                "redrive | --output=FORM"
            })
    void eachWordAfterDeadlettersNamesItsOptions(String word, String option) {
        assertThat(line.execute("deadletters", word, "--help")).isZero();
        assertThat(out.toString())
                .contains("Usage: kandji-stream deadletters " + word + " ")
                .contains(option);
        assertThat(out.toString().lines()).allMatch(text -> text.length() <= 80);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "show | NAME",
                "test | --policy=FILE",
                "test | --fixtures=DIR",
                "simulate | --policy=NEW",
                "simulate | --against=OLD",
                "simulate | --output=FORM",
                "simulate | --config=FILE"
            })
    void eachWordAfterPolicyNamesItsOptions(String word, String option) {
        assertThat(line.execute("policy", word, "--help")).isZero();
        assertThat(out.toString())
                .contains("Usage: kandji-stream policy " + word + " ")
                .contains(option);
        assertThat(out.toString().lines()).allMatch(text -> text.length() <= 80);
    }

    @Test
    void theVersionIsTold() {
        assertThat(line.execute("--version")).isZero();
        assertThat(out.toString()).startsWith("kandji-stream ").contains("Java " + Runtime.version());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "demmo | Did you mean: kandji-stream demo",
                "demo --device 5 | Possible solutions: --devices",
                "demo --devices many | Invalid value for option '--devices': 'many' is not an int",
                "demo --kafka-port 99999 | expected a port from 0 to 65535, found \"99999\"",
                "simulator --port -1 | expected a port from 0 to 65535, found \"-1\"",
                "simulator --hourly-limit 0 | expected at least 1 after --hourly-limit, found 0",
                "simulator --devices -1 | expected at least 0 after --devices, found -1",
                "simulator --account A_B | expected after --account small letters, digits and dashes, found \"A_B\"",
                "simulator --play soon | expected a time such as 30s, 5m or PT5M, found \"soon\"",
                "check --url acme.api.kandji.io | --token-file",
                "retractions approve --why sold | expected either --device, once or several times, or --all",
                "retractions approve --all | Missing required option: '--why=TEXT'",
                "retractions reject --all --device d --why sold | expected either --device",
                "retractions approve --device d --why= | expected after --why what others will want to know later",
                "retractions approve --device a,b --why sold | expected one id without white space or commas, found \"a,b\";",
                "retractions approve --device a, --why sold | expected one id without white space or commas, found \"a,\"",
                "retractions reject --account a;b --device d --why sold | expected one id without",
                "retractions list --account a, | expected one id without",
                "status --account a,b | expected one id without",
                "retractions approve --device= --why sold | expected the id of a device after --device",
                "retractions approve --device d --why sold --by= | expected after --by who decides",
                "retractions approve --device d --why sold --wait=soon | expected a time such as 30s, 5m or PT5M",
                "policy show mine | expected one of connected, managed, trusted, found \"mine\"",
                "policy test --fixtures d | Missing required option: '--policy=FILE'",
                "deadletters list --limit 0 | expected at least 1 after --limit, found 0",
                "deadletters list --output xml | expected one of [text, json]",
                "deadletters show | Missing required parameter: 'ID'",
                "deadletters show seven | expected the id of a dead letter such as 0:17, found \"seven\"",
                "deadletters redrive | expected either ids of letters, --account or --all",
                "deadletters redrive 0:1 --all | expected either ids of letters, --account or --all",
                "deadletters redrive 1:2:3 | expected the id of a dead letter such as 0:17",
                "deadletters redrive 7 --wait soon | expected a time such as 30s, 5m or PT5M",
                "status --output xml | expected one of [text, json]"
            })
    void whatIsNotUnderstoodIsAnsweredWithWhatWould(String arguments, String answer) {
        assertThat(line.execute(arguments.split(" "))).isEqualTo(ExitCodes.USAGE);
        assertThat(err.toString()).contains(answer);
    }

    @Test
    void aConfigurationThatIsMissingIsToldWithoutAStackTrace() {
        assertThat(line.execute("up", "--config", "/nowhere/kandji.yml")).isEqualTo(ExitCodes.CONFIGURATION);
        assertThat(err.toString())
                .isEqualToNormalizingNewlines("The configuration has a fault:\n"
                        + "  /nowhere/kandji.yml: expected a file of YAML in UTF-8, found no such file\n");
    }
}
