package dev.kandjistream.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

/** When a write is decided anew: another registry was faster, under whatever name the broker tells that. */
class RegistryLogTest {
    @Test
    void whoeverIsFencedDecidesAnew() {
        assertThat(RegistryLog.isFencing(new ProducerFencedException("fenced"))).isTrue();
        assertThat(RegistryLog.isFencing(new KafkaException("error state", new InvalidProducerEpochException("old"))))
                .isTrue();
    }

    /** Words of a broker of version 4.3.1 that was just fencing the producer. */
    @Test
    void aCommitThatMeetsTheFencingItselfIsFencedToo() {
        var met =
                new KafkaException("Unhandled error in EndTxnResponse: The server experienced an unexpected error when"
                        + " processing the request.");

        assertThat(RegistryLog.isFencing(met)).isTrue();
        assertThat(RegistryLog.isFencing(new KafkaException("error state", met)))
                .isTrue();
    }

    @Test
    void whoeverIsNotAllowedOrNotAnsweredIsNotFenced() {
        assertThat(RegistryLog.isFencing(new TimeoutException("no answer"))).isFalse();
        assertThat(RegistryLog.isFencing(new TopicAuthorizationException("topic")))
                .isFalse();
        assertThat(RegistryLog.isFencing(new KafkaException("not described", new TimeoutException("no answer"))))
                .isFalse();
    }
}
