package dev.kandjistream.poller;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which accounts are polled, and which are not any more.
 *
 * @param polled in the order in which they are configured
 * @param removed those of which somebody says so; an account that is in neither list is not polled, and its data is kept
 */
public record AccountList(List<AccountConfig> polled, List<RemovedAccount> removed) {
    public AccountList {
        polled = List.copyOf(polled);
        removed = List.copyOf(removed);
    }

    /** Where the list comes from while the poller runs. */
    public interface Source {
        /**
         * Called every few seconds, on the poller's scheduler: to return soon.
         *
         * @return the list from now on; empty where nothing changed, or what changed cannot be used
         */
        Optional<AccountList> changed();
    }

    /** What is wrong with it, in words; empty where it can be polled. */
    List<String> faults() {
        var faults = new ArrayList<String>();
        if (polled.isEmpty() && removed.isEmpty()) {
            faults.add("expected at least one account, found none");
        }
        Map<String, String> accountOfTenant = new HashMap<>();
        var ids = new HashSet<String>();
        for (AccountConfig account : polled) {
            if (!ids.add(account.id())) {
                faults.add("expected different account ids, found " + account.id() + " twice");
            }
            String other = accountOfTenant.put(account.apiUrl().tenant(), account.id());
            if (other != null) {
                faults.add("expected one account per tenant, found " + other + " and " + account.id() + " for "
                        + account.apiUrl().tenant()
                        + ": they would share one request budget and report every seat twice");
            }
        }
        for (RemovedAccount account : removed) {
            if (!ids.add(account.id())) {
                faults.add("expected accounts to be polled or removed once, found " + account.id() + " twice");
            }
        }
        return faults;
    }
}
