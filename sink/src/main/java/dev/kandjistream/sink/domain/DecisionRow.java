package dev.kandjistream.sink.domain;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What posture answered, as its table keeps it. Such rows are added and never changed. */
public record DecisionRow(UUID id, Instant decidedAt, String client, Asked asked, Known known, Answer answer) {

    /**
     * @param platform null where the asker says nothing, and so with the email
     */
    public record Asked(String serialNumber, String platform, String userEmail, Map<String, String> context) {}

    /**
     * @param dataAgeMillis null where not known
     * @param accountId null where there was no device, and so are id and key
     * @param deviceKey key of the device's records, which its rows in the current tables carry too
     */
    public record Known(
            String source,
            Long dataAgeMillis,
            String accountId,
            String deviceId,
            String deviceKey,
            Map<String, String> attributes) {}

    /**
     * @param rule null where no rule matched
     */
    public record Answer(
            String decision, String rule, List<String> monitored, List<String> missing, String policyVersion) {}
}
