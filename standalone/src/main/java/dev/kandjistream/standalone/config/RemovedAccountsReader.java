package dev.kandjistream.standalone.config;

import dev.kandjistream.config.Section;
import dev.kandjistream.config.Type;
import dev.kandjistream.poller.RemovedAccount;
import dev.kandjistream.poller.RemovedAccount.OnRemoval;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The list {@code removed_accounts}. To retract an account's data is never a matter of a line that is missing, so whatever
 * is doubtful here is a fault of the whole, also where the account itself is one of {@code accounts_dir}.
 */
final class RemovedAccountsReader {
    private static final Type<String> ON_REMOVAL = Type.oneOf("keep", "retract");

    private final Section root;
    private final Set<String> configured;
    private final Set<String> seen = new HashSet<>();

    /** @param configured ids of all accounts, faulty ones included */
    RemovedAccountsReader(Section root, Set<String> configured) {
        this.root = root;
        this.configured = configured;
    }

    List<RemovedAccount> read() {
        var removed = new ArrayList<RemovedAccount>();
        for (Section section : root.sections("removed_accounts")) {
            Optional<String> id = section.require("id", AccountsReader.ID, "name the account as it was configured");
            String onRemoval = section.read("on_removal", ON_REMOVAL, "keep");
            section.reportUnknown();
            id.filter(given -> isAlone(section, given))
                    .map(given -> new RemovedAccount(given, OnRemoval.valueOf(onRemoval.toUpperCase(Locale.ROOT))))
                    .ifPresent(removed::add);
        }
        return removed;
    }

    private boolean isAlone(Section section, String id) {
        if (configured.contains(id)) {
            section.fault(
                    "id",
                    "an account that is not configured any more",
                    Section.quoted(id) + ", which is among the accounts",
                    "remove it here or there");
            return false;
        }
        if (!seen.add(id)) {
            section.fault("id", "each id once", Section.quoted(id) + " again", "remove one of the two");
            return false;
        }
        return true;
    }
}
