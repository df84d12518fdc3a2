package dev.kandjistream.poller.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

class StreamedBodyTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private long requested;
    private boolean cancelled;

    private StreamedBody body(Duration silence, Duration longest) {
        var body = new StreamedBody(silence, longest);
        body.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long more) {
                requested += more;
            }

            @Override
            public void cancel() {
                cancelled = true;
            }
        });
        return body;
    }

    private static List<ByteBuffer> bytes(String... texts) {
        return List.of(texts).stream()
                .map(text -> ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)))
                .toList();
    }

    @Test
    void whatComesIsReadInItsOrder() throws Exception {
        var body = body(LONG, LONG);
        body.onNext(bytes("ab", "", "c"));
        body.onNext(bytes("d"));
        body.onComplete();
        assertThat(body.read()).isEqualTo('a');
        assertThat(new String(body.readAllBytes(), StandardCharsets.US_ASCII)).isEqualTo("bcd");
        assertThat(body.read()).isEqualTo(-1);
        assertThat(body.read()).isEqualTo(-1);
    }

    @Test
    void noMoreIsTakenThanIsRead() throws Exception {
        var body = body(LONG, LONG);
        long ahead = requested;
        body.onNext(bytes("a"));
        body.onNext(bytes("b"));
        body.read();
        assertThat(requested).isEqualTo(ahead + 1);
        body.read();
        assertThat(requested).isEqualTo(ahead + 2);
    }

    @Test
    void aServerThatFallsSilentIsGivenUp() {
        var body = body(Duration.ofMillis(20), LONG);
        body.onNext(bytes("a"));
        assertThatThrownBy(body::readAllBytes)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("silent for PT0.02S");
    }

    @Test
    void aServerThatTricklesIsGivenUpToo() {
        var body = body(LONG, Duration.ofMillis(20));
        body.onNext(bytes("a"));
        assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class).hasMessageContaining("not at its end");
    }

    @Test
    void aConnectionThatBreaksIsNoEnd() {
        var body = body(LONG, LONG);
        body.onNext(bytes("a"));
        body.onError(new IOException("reset"));
        assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class).hasRootCauseMessage("reset");
    }

    @Test
    void aCancelledReaderStops() {
        var body = body(LONG, LONG);
        Thread.currentThread().interrupt();
        assertThatThrownBy(body::read).isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aClosedBodyTakesNothingMore() {
        body(LONG, LONG).close();
        assertThat(cancelled).isTrue();
    }
}
