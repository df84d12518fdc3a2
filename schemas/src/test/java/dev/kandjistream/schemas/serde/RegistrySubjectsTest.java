package dev.kandjistream.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.kandjistream.schemas.serde.ScriptedRegistry.Request;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RegistrySubjectsTest {
    private static final String BACKWARD = "{\"compatibilityLevel\":\"BACKWARD\"}";
    private static final String WANTED = "{\"compatibilityLevel\":\"BACKWARD_TRANSITIVE\"}";
    private static final String STRICTER = "{\"compatibilityLevel\":\"FULL_TRANSITIVE\"}";

    private ScriptedRegistry registry;

    @BeforeEach
    void open() throws IOException {
        registry = new ScriptedRegistry();
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private void ensure() {
        RegistrySubjects.ensure(new RegistryClient(RegistrySettings.from(settings())), "s-value");
    }

    private Map<String, Object> settings() {
        return Map.of("schema.registry.url", registry.url(), "retries.wait.ms", 1);
    }

    @Test
    void aLooserLevelIsReplaced() {
        registry.answering(200, BACKWARD).answering(200, "{}");
        ensure();
        assertThat(registry.requests()).extracting(Request::method).containsExactly("GET", "PUT");
        assertThat(registry.requests().get(1).body()).isEqualTo("{\"compatibility\":\"BACKWARD_TRANSITIVE\"}");
    }

    @Test
    void aStricterLevelStays() {
        registry.answering(200, STRICTER);
        ensure();
        assertThat(registry.requests()).extracting(Request::method).containsExactly("GET");
    }

    @Test
    void servicesThatSetItAtTheSameTimeDoNotTripOverEachOther() {
        registry.answering(200, BACKWARD).answering(409, "conflict").answering(200, WANTED);
        ensure();
        assertThat(registry.requests()).extracting(Request::method).containsExactly("GET", "PUT", "GET");
    }

    @Test
    void aConflictThatLeftTheLevelAsItWasIsTriedOnceMore() {
        registry.answering(200, BACKWARD)
                .answering(409, "conflict")
                .answering(200, BACKWARD)
                .answering(200, "{}");
        ensure();
        assertThat(registry.requests()).extracting(Request::method).containsExactly("GET", "PUT", "GET", "PUT");
    }

    @Test
    void aRegistryThatDoesNotPermitItIsNoReasonToStop() {
        registry.answering(200, BACKWARD).answering(403, "no");
        assertThatCode(this::ensure).doesNotThrowAnyException();
        assertThat(registry.requests()).hasSize(2);
    }
}
