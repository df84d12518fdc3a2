package dev.kandjistream.poller.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kandjistream.commands.Command;
import dev.kandjistream.poller.domain.App;
import dev.kandjistream.poller.domain.AppsSweep;
import dev.kandjistream.poller.domain.CommandsRead;
import dev.kandjistream.poller.domain.Decision;
import dev.kandjistream.poller.domain.Ledger;
import dev.kandjistream.poller.domain.LedgerEntry;
import dev.kandjistream.poller.domain.OperatorCommand;
import dev.kandjistream.poller.domain.SharedApps;
import dev.kandjistream.poller.domain.Verdict;
import dev.kandjistream.schemas.Keys;
import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.AvroSerdes;
import dev.kandjistream.sweeps.CommandAnswer;
import dev.kandjistream.sweeps.SweepReceipt;
import dev.kandjistream.sweeps.WithheldRetraction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** From a command in its topic to the answer in a receipt and the null record, whoever is closed or fenced in between. */
class OperatorCommandsIT extends PublishingStage {
    private static final int UNSPLIT = 1 << 20;

    /** A sweep of the apps of so many devices, numbered from 0. */
    private SweepReceipt sweep(SweepPublisher publisher, int devices) throws PublishException {
        return publisher.publish(facts(), judge(walk(devices, false)));
    }

    private static AppsSweep walk(int devices, boolean broken) {
        var shared = new SharedApps();
        var sweep = new AppsSweep();
        for (int device = 0; device < devices; device++) {
            var app = new App("Slack", "com.slack", "1", null, null, null, null, null, null, null, null);
            sweep.add("device-" + device, shared.app(app), 1, 2, 3, 4);
        }
        sweep.walk().page(devices, OptionalLong.empty());
        if (broken) {
            sweep.walk().fault("page 2 answered 500");
        }
        return sweep.seal();
    }

    private void command(String id, String action, String... deviceIds) {
        commandTo(account, id, action, deviceIds);
    }

    private static void commandTo(String account, String id, String action, String... deviceIds) {
        write(Keys.of(account, id), value(account, id, action, deviceIds));
    }

    private static byte[] value(String account, String id, String action, String... deviceIds) {
        var command = new Command(id, account, action, List.of(deviceIds), "a person", "sold", Instant.now());
        try (var serializer = AvroSerdes.serializer(TOPICS.commands(), kafka)) {
            return serializer.serialize(TOPICS.commands().name(), command);
        }
    }

    private static void write(String key, byte[] value) {
        Map<String, Object> properties = Map.of("bootstrap.servers", broker.bootstrapServers());
        try (var producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(TOPICS.commands().name(), key, value));
        }
    }

    /** Device ids with an apps record, as a {@code read_committed} reader folds them. */
    private List<String> published() {
        var states = new TreeMap<String, byte[]>();
        committed(TOPICS.rawApps().name()).forEach(record -> states.put(record.key(), record.value()));
        return states.entrySet().stream()
                .filter(state -> state.getValue() != null)
                .map(state -> Keys.split(state.getKey()).get(1))
                .toList();
    }

    private static CommandAnswer answer(String id, String action, String outcome, long devices) {
        return new CommandAnswer(id, action, outcome, devices);
    }

    @Test
    void anApprovedRetractionGoesOutWithTheSweepThatAnswersTheCommand() throws Exception {
        var publisher = publisher(UNSPLIT);
        sweep(publisher, 3);
        WithheldRetraction waits = sweep(publisher, 2).getWithheldRetractions().get(0);
        assertThat(waits.getDeviceId()).isEqualTo("device-2");
        assertThat(waits.getWhat()).isEqualTo("APPS");
        assertThat(waits.getReason()).isEqualTo("absent from 1 of 2 complete sweeps");
        assertThat(waits.getSince()).isNotNull();
        assertThat(waits.getOrder()).isNull();

        command("c1", "approve", "device-2");
        SweepReceipt receipt = sweep(publisher, 2);
        assertThat(receipt.getAnswers()).containsExactly(answer("c1", "approve", "APPLIED", 1));
        assertThat(receipt.getRetracted()).isEqualTo(1);
        assertThat(receipt.getWithheldRetractions()).isEmpty();
        assertThat(published()).containsExactly("device-0", "device-1");
        assertThat(sweep(publisher, 2).getAnswers()).isEmpty();
    }

    @Test
    void anOrderOutlivesItsPublisherAndWaitsForAWholeSweep() throws Exception {
        var first = publisher(UNSPLIT);
        sweep(first, 3);
        sweep(first, 2);
        command("c1", "approve");
        first.close();

        // Closed between command and sweep: the next owner finds the command.
        var second = publisher(UNSPLIT);
        SweepReceipt broken = second.publish(facts(), judge(walk(1, true)));
        assertThat(broken.getVerdict()).isEqualTo("INCOMPLETE");
        assertThat(broken.getAnswers()).containsExactly(answer("c1", "approve", "APPLIED", 1));
        assertThat(broken.getRetracted()).isZero();
        assertThat(broken.getWithheldRetractions()).singleElement().satisfies(item -> assertThat(item.getOrder())
                .isEqualTo("APPROVED"));
        second.close();

        // Closed between order and sweep: the next owner finds the order, and the command answered.
        var third = publisher(UNSPLIT);
        SweepReceipt whole = sweep(third, 2);
        assertThat(whole.getAnswers()).isEmpty();
        assertThat(whole.getRetracted()).isEqualTo(1);
        assertThat(published()).containsExactly("device-0", "device-1");
    }

    @Test
    void whatIsRejectedOutlivesItsPublisherToo() throws Exception {
        var first = publisher(UNSPLIT);
        sweep(first, 3);
        sweep(first, 2);
        command("c1", "reject");
        assertThat(sweep(first, 2).getAnswers()).containsExactly(answer("c1", "reject", "APPLIED", 1));
        first.close();
        var second = publisher(UNSPLIT);
        assertThat(sweep(second, 2).getRetracted()).isZero();
        assertThat(published()).hasSize(3);
    }

    @Test
    void aFencedOwnerCarriesOutNothing() throws Exception {
        var frozen = publisher(UNSPLIT);
        sweep(frozen, 3);
        sweep(frozen, 2);
        var owner = publisher(UNSPLIT);
        command("c1", "reject");
        assertThatThrownBy(() -> sweep(frozen, 2)).isInstanceOf(PublishException.class);
        assertThat(sweep(owner, 2).getAnswers()).containsExactly(answer("c1", "reject", "APPLIED", 1));
        assertThat(published()).hasSize(3);
        frozen.open();
        assertThat(sweep(frozen, 2).getAnswers()).isEmpty();
    }

    @Test
    void anAccountThatComesBackFindsWhatWasOrderedWhileItWasAwayAndNothingTwice() throws Exception {
        var here = commandLog();
        var there = commandLog();
        var first = publisher(UNSPLIT, here);
        sweep(first, 4);
        sweep(first, 3);
        command("c1", "approve", "device-3");
        assertThat(sweep(first, 3).getAnswers()).containsExactly(answer("c1", "approve", "APPLIED", 1));
        first.close();

        var away = publisher(UNSPLIT, there);
        assertThat(sweep(away, 2).getAnswers()).isEmpty();
        command("c2", "reject", "device-2");
        away.close();
        // Meanwhile another account's sweep has read on, past the command.
        assertThat(here.due("another-account", CommandsRead.NONE).commands()).isEmpty();

        var back = publisher(UNSPLIT, here);
        assertThat(sweep(back, 2).getAnswers()).containsExactly(answer("c2", "reject", "APPLIED", 1));
        back.close();
        assertThat(sweep(publisher(UNSPLIT, there), 2).getAnswers()).isEmpty();
    }

    @Test
    void sweepsOfManyAccountsMayAskOneLogAtOnce() {
        List<String> accounts =
                IntStream.range(0, 20).mapToObj(i -> account + "-" + i).toList();
        accounts.forEach(each -> {
            commandTo(each, "first", "approve");
            commandTo(each, "second", "reject");
        });
        var log = commandLog();
        Map<String, List<String>> due = accounts.parallelStream()
                .collect(Collectors.toConcurrentMap(
                        each -> each, each -> log.due(each, CommandsRead.NONE).commands().stream()
                                .map(OperatorCommand::id)
                                .toList()));
        assertThat(due.values()).hasSize(20).allMatch(List.of("first", "second")::equals);
    }

    @Test
    void aPublishSplitOverTransactionsAnswersOnce() throws Exception {
        var publisher = publisher(1);
        sweep(publisher, 60);
        assertThat(sweep(publisher, 10).getVerdict()).isEqualTo("QUARANTINED");
        command("c1", "approve");
        SweepReceipt receipt = sweep(publisher, 10);
        assertThat(receipt.getAnswers()).containsExactly(answer("c1", "approve", "APPLIED", 50));
        assertThat(receipt.getRetracted()).isEqualTo(50);
        assertThat(published()).hasSize(10);
        publisher.close();
        assertThat(sweep(publisher(1), 10).getAnswers()).isEmpty();
    }

    @Test
    void answersOwedByAPublishThatBrokeOffBetweenItsPartsAreInTheNextReceipt() throws Exception {
        var publisher = publisher(1);
        sweep(publisher, 60);
        sweep(publisher, 10);
        command("c1", "approve");
        // The list of decisions breaks off after the first bucket, as a broker that goes away would have it.
        assertThatThrownBy(() -> publisher.publish(facts(), ledger -> {
                    Verdict verdict = judge(walk(10, false)).apply(ledger);
                    var decisions = new ArrayList<>(verdict.decisions());
                    decisions.add(unsendable());
                    return new Verdict(
                            verdict.outcome(),
                            verdict.reason(),
                            verdict.baseline(),
                            verdict.endsBaseline(),
                            decisions,
                            verdict.devices(),
                            verdict.unchanged(),
                            verdict.retracted(),
                            verdict.withheld());
                }))
                .isInstanceOf(PublishException.class);
        assertThat(published()).hasSizeBetween(11, 59);
        publisher.close();

        // What is withheld only now was not meant.
        var next = publisher(1);
        SweepReceipt receipt = sweep(next, 9);
        assertThat(receipt.getAnswers()).containsExactly(answer("c1", "approve", "APPLIED", 50));
        assertThat(published()).hasSize(10);
        assertThat(sweep(next, 9).getAnswers()).isEmpty();
    }

    /** A decision in a middle bucket that no transaction can send. */
    private static Decision unsendable() {
        int bucket = 0;
        String id = "";
        for (int i = 0; bucket < 100 || bucket > 150; i++) {
            id = "breaks-" + i;
            bucket = Ledger.bucketOf(id);
        }
        return new Decision(id, new Decision.Device(null, null, false, null), null, new LedgerEntry(null, null));
    }

    @Test
    void whatIsNoCommandIsAnsweredOrPassedOverAndNothingStalls() throws Exception {
        var publisher = publisher(UNSPLIT);
        sweep(publisher, 3);
        sweep(publisher, 2);
        write(Keys.of(account, "garbled"), "not Avro".getBytes(StandardCharsets.UTF_8));
        byte[] whole = value(account, "cut", "approve");
        write(Keys.of(account, "cut"), Arrays.copyOf(whole, whole.length - 3));
        write(Keys.of(account, "gone"), null);
        write("no-account-in-it", new byte[] {1});
        write(account + "/%zz", new byte[] {1});
        command("strange", "obliterate");
        command("nobody", "approve", "no such device");
        command("good", "approve");
        SweepReceipt receipt = sweep(publisher, 2);
        assertThat(receipt.getAnswers())
                .containsExactly(
                        answer("garbled", "", "UNREADABLE", 0),
                        answer("cut", "", "UNREADABLE", 0),
                        answer("strange", "obliterate", "UNKNOWN_ACTION", 0),
                        answer("nobody", "approve", "NOTHING_WITHHELD", 0),
                        answer("good", "approve", "APPLIED", 1));
        assertThat(receipt.getRetracted()).isEqualTo(1);
    }

    @Test
    void aLedgerThatRemembersNoTopicGoesByTheEndUntilItRemembersOne() {
        command("c1", "approve");
        var log = commandLog();
        CommandsRead first = log.due(account, CommandsRead.NONE).read();
        assertThat(first.topicId()).isNotNull();
        var beyond = new CommandsRead(null, 1_000_000, List.of());
        assertThat(log.due(account, beyond).commands()).hasSize(1);
        assertThat(log.due(account, beyond).read()).isEqualTo(first);
        var otherTopic = new CommandsRead("another", first.upTo(), List.of());
        assertThat(log.due(account, otherTopic).commands()).hasSize(1);
        var done = new CommandsRead(null, first.upTo(), List.of());
        assertThat(log.due(account, done).commands()).isEmpty();
        assertThat(log.due(account, done).read()).isEqualTo(first);
    }

    @Test
    void aTopicOfCommandsThatIsNotThereStopsNoSweep() throws Exception {
        var log = new CommandLog(new Topics("elsewhere"), kafka);
        CommandLog.Due due = log.due(account, new CommandsRead("id", 7, List.of()));
        assertThat(due.commands()).isEmpty();
        assertThat(due.read()).isEqualTo(new CommandsRead("id", 7, List.of()));
        log.close();
    }
}
