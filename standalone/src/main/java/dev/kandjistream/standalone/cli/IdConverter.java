package dev.kandjistream.standalone.cli;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** One id of an account or a device. White space around it is removed; blank text stays, so that the command can refuse it. */
final class IdConverter implements ITypeConverter<String> {
    private static final Pattern NO_ID = Pattern.compile("[\\s\\p{Z}\\p{C},;]");

    @Override
    public String convert(String text) {
        String id = text.strip();
        if (NO_ID.matcher(id).find()) {
            throw new TypeConversionException("expected one id without white space or commas, found \"" + text
                    + "\"; name the option again for another id");
        }
        return id;
    }
}
