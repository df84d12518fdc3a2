package dev.kandjistream.posture;

import static dev.kandjistream.posture.kafka.ViewStage.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.posture.Asker.Answer;
import dev.kandjistream.posture.kafka.DecisionTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The decisions of one replica as those who asked for them have them. */
final class MadeDecisions {
    private final List<Answer> answers = new ArrayList<>();

    /** @return the answer, which must be a decision */
    Answer by(Answer answer) {
        assertThat(answer.status()).isEqualTo(200);
        answers.add(answer);
        return answer;
    }

    int size() {
        return answers.size();
    }

    /** Waits for them; none of them may be lost, none may stand there twice, and nothing may stand there that was not made. */
    void assertWrittenOnceEach(Replica replica, DecisionTopic topic) throws Exception {
        await(() -> replica.gauge("posture.decisions.waiting") == 0);
        assertThat(replica.count("posture.decisions.lost")).isZero();
        assertThat(replica.count("posture.decisions.written")).isEqualTo(answers.size());
        Map<String, List<ConsumerRecord<String, byte[]>>> written = topic.byId();
        for (Answer answer : answers) {
            List<ConsumerRecord<String, byte[]>> copies = written.get(answer.text("decision_id"));
            assertThat(copies).as("copies of one decision").hasSize(1);
            var decision = topic.decode(copies.get(0).value());
            assertThat(decision.get("decision_id")).hasToString(answer.text("decision_id"));
            assertThat(decision.get("decision")).hasToString(answer.decision());
            assertThat(decision.get("policy_version")).hasToString(answer.text("policy_version"));
        }
    }
}
