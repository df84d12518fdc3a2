package dev.kandjistream.posture.http;

import dev.kandjistream.posture.domain.Decision;
import dev.kandjistream.posture.domain.Posture;
import dev.kandjistream.posture.domain.Question;
import dev.kandjistream.posture.domain.SerialNumber;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Who decides. Called by many threads; none of them may be kept waiting. */
public interface DecisionSource {

    /**
     * Decides, at once or, where the account's API is asked, later and from another thread.
     *
     * @param client name of the token that asks
     */
    CompletionStage<Decision> decide(Question question, String client);

    /** What is known of a device at this moment, the API not asked. @return empty where the serial number is unknown */
    Optional<Posture> look(SerialNumber serialNumber);

    /** @return why it cannot decide yet, as one sentence for the asker; empty once it can */
    Optional<String> notReady();
}
