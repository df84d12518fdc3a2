package dev.kandjistream.config;

import java.util.List;
import java.util.stream.Collectors;

/** A file cannot be used. The message lists every fault, one to a line. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Fault> faults;

    /** The configuration's. */
    public ConfigException(List<Fault> faults) {
        this("The configuration", faults);
    }

    /** @param what is at fault, as a sentence begins with it: {@code The policy} */
    public ConfigException(String what, List<Fault> faults) {
        super(message(what, faults));
        this.faults = List.copyOf(faults);
    }

    /** In the order of the file; never empty. */
    public List<Fault> faults() {
        return faults;
    }

    private static String message(String what, List<Fault> faults) {
        String heading = faults.size() == 1 ? what + " has a fault:" : what + " has " + faults.size() + " faults:";
        return faults.stream().map(fault -> "  " + fault).collect(Collectors.joining("\n", heading + "\n", ""));
    }
}
