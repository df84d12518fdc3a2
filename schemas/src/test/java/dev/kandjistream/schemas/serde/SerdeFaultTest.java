package dev.kandjistream.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.util.List;
import org.apache.avro.AvroTypeException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class SerdeFaultTest {
    @Test
    void registryIsToBlameWhereItCannotBeAsked() {
        List<Throwable> faults = List.of(
                new TimeoutException("registry"),
                new AuthorizationException("registry"),
                new ConfigException("schema.registry.url is missing"),
                new SerializationException(new ConnectException("refused")),
                new SerializationException(new RuntimeException(new UnknownHostException("registry"))),
                new SerializationException(new SocketTimeoutException("registry")),
                new SerializationException(new HttpTimeoutException("registry")),
                new SerializationException(new TimeoutException("registry")));

        assertThat(faults).allMatch(SerdeFault::isOfRegistry);
    }

    @Test
    void bytesAreToBlameForEverythingElse() {
        List<Throwable> faults = List.of(
                new SerializationException("no magic byte"),
                new SerializationException(new EOFException()),
                new SerializationException(new IOException("Invalid int encoding")),
                new SerializationException(new AvroTypeException("found string, expecting int")),
                new ClassCastException("another record"));

        assertThat(faults).noneMatch(SerdeFault::isOfRegistry);
    }
}
