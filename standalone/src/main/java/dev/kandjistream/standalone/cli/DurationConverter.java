package dev.kandjistream.standalone.cli;

import dev.kandjistream.config.Durations;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Times on the command line are written as in the configuration. */
final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        try {
            Duration duration = Durations.parse(text);
            if (!duration.isZero()) {
                return duration;
            }
        } catch (IllegalArgumentException | ArithmeticException fault) {
            // Said below, with what was expected.
        }
        throw new TypeConversionException("expected a time such as 30s, 5m or PT5M, found \"" + text + "\"");
    }
}
