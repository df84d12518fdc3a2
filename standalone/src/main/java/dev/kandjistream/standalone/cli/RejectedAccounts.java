package dev.kandjistream.standalone.cli;

import dev.kandjistream.config.Fault;
import dev.kandjistream.standalone.config.Configuration;
import dev.kandjistream.standalone.config.RejectedAccount;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accounts that are not polled for a fault in their own file. The rest goes on, so nobody would notice in silence. */
final class RejectedAccounts {
    private static final Logger LOG = LoggerFactory.getLogger(RejectedAccounts.class);

    private RejectedAccounts() {}

    /**
     * Logs each of them as an error.
     *
     * @throws Failure when there is no other account to poll
     */
    static void complain(Configuration configuration) {
        for (RejectedAccount account : configuration.rejected()) {
            LOG.atError()
                    .addKeyValue("account", account.name())
                    .addKeyValue("faults", describe(account))
                    .log("Account is not polled: its file is at fault");
        }
        if (configuration.accounts().isEmpty() && configuration.removed().isEmpty()) {
            throw new Failure("There is no account to poll"
                    + (configuration.rejected().isEmpty()
                            ? ": accounts_dir is empty."
                            : ", as every file is at fault."));
        }
    }

    static String describe(RejectedAccount account) {
        return account.faults().stream().map(Fault::toString).collect(Collectors.joining(" | "));
    }
}
