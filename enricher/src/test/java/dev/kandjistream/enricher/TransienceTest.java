package dev.kandjistream.enricher;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

class TransienceTest {
    @Test
    void whatTheNetworkDoesPasses() {
        assertThat(Transience.passes(new StreamsException(new TimeoutException("late"))))
                .isTrue();
        assertThat(Transience.passes(new RuntimeException(new ConnectException("refused"))))
                .isTrue();
        assertThat(Transience.passes(new ProducerFencedException("fenced"))).isTrue();
    }

    @Test
    void whatWeGotWrongDoesNot() {
        assertThat(Transience.passes(new NullPointerException())).isFalse();
        assertThat(Transience.passes(new StreamsException(new RecordTooLargeException("too large"))))
                .isFalse();
        assertThat(Transience.passes(new StreamsException(new TopicAuthorizationException("t"))))
                .isFalse();
    }

    @Test
    void theRootIsWhatAPersonReads() {
        var root = new IllegalStateException("why");

        assertThat(Transience.rootOf(new StreamsException(new RuntimeException(root))))
                .isSameAs(root);
    }
}
