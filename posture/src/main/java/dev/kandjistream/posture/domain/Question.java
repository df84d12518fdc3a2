package dev.kandjistream.posture.domain;

import java.util.Map;
import java.util.Optional;

/**
 * What somebody asks.
 *
 * @param platform as Kandji would say it; believed only where the device's record does not say
 * @param userEmail who is about to sign in, in small letters
 * @param context whatever else a policy wants to know of the occasion
 */
public record Question(
        SerialNumber serialNumber, Optional<String> platform, Optional<String> userEmail, Map<String, String> context) {
    public Question {
        platform = platform.map(Platform::asKandjiSays).filter(text -> !text.isEmpty());
        userEmail = userEmail.map(String::strip).filter(text -> !text.isEmpty()).map(Email::small);
        context = Map.copyOf(context);
    }

    /** Nothing but the serial number. */
    public static Question of(SerialNumber serialNumber) {
        return new Question(serialNumber, Optional.empty(), Optional.empty(), Map.of());
    }

    /** Personal details are not for logs. */
    @Override
    public String toString() {
        return "[question]";
    }
}
