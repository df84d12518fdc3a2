package dev.kandjistream.standalone.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration cannot be used. The message lists every fault, one to a line. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Fault> faults;

    public ConfigException(List<Fault> faults) {
        super(message(faults));
        this.faults = List.copyOf(faults);
    }

    /** In the order of the file; never empty. */
    public List<Fault> faults() {
        return faults;
    }

    private static String message(List<Fault> faults) {
        String heading = faults.size() == 1
                ? "The configuration has a fault:"
                : "The configuration has " + faults.size() + " faults:";
        return faults.stream().map(fault -> "  " + fault).collect(Collectors.joining("\n", heading + "\n", ""));
    }
}
