package dev.kandjistream.posture.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kandjistream.kandji.http.DeviceParser;
import dev.kandjistream.posture.domain.Email;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The domain of posture imports nothing, so the rule for emails stands twice: both must give the same. */
class EmailsAgreeTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Ada@ACME.example",
                "\u212Aate@acme.example",
                "\u0130da@acme.example",
                "\u00C4da@\u00DCber.example"
            })
    void theRowsReaderAndPostureHaveOneFormOfAnEmail(String email) throws Exception {
        String row = "[{\"device_id\":\"d\",\"platform\":\"Mac\",\"user\":{\"id\":\"u\",\"email\":\"" + email + "\"}}]";
        var page = DeviceParser.parse(row.getBytes(StandardCharsets.UTF_8), OptionalLong.empty(), 0);

        assertThat(page.rows().get(0).user().email()).isEqualTo(Email.small(email));
    }
}
