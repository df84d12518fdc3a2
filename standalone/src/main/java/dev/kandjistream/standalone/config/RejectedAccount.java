package dev.kandjistream.standalone.config;

import dev.kandjistream.config.Fault;
import java.util.List;

/**
 * A file of {@code accounts_dir} that cannot be used. That account is not polled, all others are.
 *
 * @param name the account's id where it could be read, else the file's name
 * @param faults in the order of the file; never empty
 */
public record RejectedAccount(String name, List<Fault> faults) {
    public RejectedAccount {
        faults = List.copyOf(faults);
    }
}
