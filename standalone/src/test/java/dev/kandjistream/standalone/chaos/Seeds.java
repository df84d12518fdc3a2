package dev.kandjistream.standalone.chaos;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Seeds as a person writes them: {@code 7}, {@code 1-300}, {@code 1-10,50}. */
record Seeds(List<Long> all) {
    Seeds {
        all = List.copyOf(all);
    }

    /** @throws IllegalArgumentException where it is no such list; the message says what it was */
    static Seeds parse(String text) {
        var seeds = new ArrayList<Long>();
        for (String part : text.split(",", -1)) {
            if (!part.matches("\\d{1,9}(-\\d{1,9})?")) {
                throw new IllegalArgumentException("expected seeds such as 7, 1-300 or 1-10,50, was " + text);
            }
            String[] ends = part.split("-");
            long last = Long.parseLong(ends[ends.length - 1]);
            for (long seed = Long.parseLong(ends[0]); seed <= last; seed++) {
                seeds.add(seed);
            }
        }
        if (seeds.isEmpty()) {
            throw new IllegalArgumentException("there are no seeds in " + text);
        }
        return new Seeds(seeds);
    }

    static final class Converter implements ITypeConverter<Seeds> {
        @Override
        public Seeds convert(String text) {
            try {
                return parse(text);
            } catch (IllegalArgumentException wrong) {
                throw new TypeConversionException(wrong.getMessage());
            }
        }
    }
}
