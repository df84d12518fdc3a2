package dev.kandjistream.poller.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.schemas.Topics;
import dev.kandjistream.schemas.serde.AvroSerdes;
import dev.kandjistream.sweeps.CommandAnswer;
import dev.kandjistream.sweeps.SweepReceipt;
import dev.kandjistream.sweeps.UnreadDevice;
import dev.kandjistream.sweeps.WithheldRetraction;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ReceiptCutTest {
    /** Avro copies records of trusted packages only, and the serdes name them. */
    @BeforeAll
    static void trust() {
        AvroSerdes.serializer(new Topics("kandji").sweeps(), Map.of("schema.registry.url", "http://127.0.0.1:1"));
    }

    private static SweepReceipt receipt(int withheld, int unread, int answers) {
        return SweepReceipt.newBuilder()
                .setAccountId("acme")
                .setKind("devices")
                .setSweepId("s")
                .setStartedAt(Instant.EPOCH)
                .setFinishedAt(Instant.EPOCH)
                .setVerdict("COMPLETE")
                .setConnection("CONNECTED")
                .setRequests(1)
                .setPages(1)
                .setRows(1)
                .setDevices(1)
                .setPublished(0)
                .setUnchanged(0)
                .setRetracted(0)
                .setWithheld(withheld)
                .setOversized(0)
                .setUnread(unread)
                .setRawEndOffsets(List.of())
                .setShape(List.of())
                .setCutLists(List.of())
                .setWithheldRetractions(IntStream.range(0, withheld)
                        .mapToObj(i -> WithheldRetraction.newBuilder()
                                .setDeviceId("w" + i)
                                .setWhat("DEVICE")
                                .setSweeps(1)
                                .setReason("r")
                                .build())
                        .toList())
                .setUnreadDevices(IntStream.range(0, unread)
                        .mapToObj(i -> new UnreadDevice("u" + i, "r"))
                        .toList())
                .setAnswers(IntStream.range(0, answers)
                        .mapToObj(i -> CommandAnswer.newBuilder()
                                .setCommandId("c" + i)
                                .setAction("approve")
                                .setOutcome("APPLIED")
                                .setDevices(1)
                                .build())
                        .toList())
                .build();
    }

    private static Predicate<SweepReceipt> items(int most) {
        return receipt -> receipt.getWithheldRetractions().size()
                        + receipt.getUnreadDevices().size()
                        + receipt.getAnswers().size()
                <= most;
    }

    @Test
    void aReceiptThatFitsStaysAsItIs() {
        SweepReceipt receipt = receipt(10, 10, 2);
        assertThat(ReceiptCut.fitting(receipt, items(22))).isSameAs(receipt);
    }

    @Test
    void theLongestListsAreCutToTheirFirstItemsAndNamed() {
        SweepReceipt cut = ReceiptCut.fitting(receipt(1000, 300, 5), items(900));
        assertThat(cut.getWithheldRetractions()).hasSize(500);
        assertThat(cut.getWithheldRetractions().get(0).getDeviceId()).isEqualTo("w0");
        assertThat(cut.getUnreadDevices()).hasSize(300);
        assertThat(cut.getAnswers()).hasSize(5);
        assertThat(cut.getCutLists()).containsExactly("withheld_retractions");
        assertThat(cut.getWithheld()).isEqualTo(1000);
    }

    @Test
    void answersAreCutOnlyWhereNothingElseIsLeft() {
        assertThat(ReceiptCut.fitting(receipt(100, 100, 8), items(10)).getAnswers())
                .hasSize(8);
        SweepReceipt cut = ReceiptCut.fitting(receipt(100, 100, 8), items(4));
        assertThat(cut.getAnswers()).hasSize(4);
        assertThat(cut.getCutLists()).containsExactly("answers", "unread_devices", "withheld_retractions");
    }

    @Test
    void whatCannotBeCutFurtherIsReturned() {
        assertThat(ReceiptCut.fitting(receipt(5, 5, 5), receipt -> false).getAnswers())
                .isEmpty();
    }
}
