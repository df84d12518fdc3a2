package dev.kandjistream.poller;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The accounts of this poller, whether they are its own at the moment or another's: those that are polled, and those whose
 * data is to be retracted. They can change at any time. What an account began under a former configuration ends before
 * anything begins under the next, so that no old reading is published after a new one, nor after a retraction.
 */
final class PolledAccounts {
    private static final Logger LOG = LoggerFactory.getLogger(PolledAccounts.class);

    private final Host host;
    private final Map<String, PolledAccount> polled = new LinkedHashMap<>();
    private final Map<String, Removal> removals = new LinkedHashMap<>();
    private final Map<String, CompletableFuture<Void>> former = new HashMap<>();
    private boolean following;

    /** What the accounts need of the service. */
    interface Host {
        /** @param before the same account as it was configured until now */
        PolledAccount poll(AccountConfig account, Optional<PolledAccount> before);

        Removal remove(RemovedAccount account);

        /** Nobody polls it here any more. */
        void forget(String accountId);

        boolean owns(String accountId);

        /** The account is this poller's: it can begin, if it is one still. */
        void begin(String accountId);
    }

    PolledAccounts(Host host) {
        this.host = host;
    }

    /**
     * Takes over what is configured from now on. Accounts that are as before are left alone.
     *
     * @throws IllegalArgumentException naming every fault; all stays as it is then
     */
    synchronized void follow(AccountList list) {
        List<String> faults = list.faults();
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
        var wanted = new LinkedHashMap<String, AccountConfig>();
        list.polled().forEach(account -> wanted.put(account.id(), account));
        var retracted = new LinkedHashMap<String, RemovedAccount>();
        list.removed().stream()
                .filter(RemovedAccount::isRetracted)
                .forEach(account -> retracted.put(account.id(), account));
        List.copyOf(polled.keySet()).stream()
                .filter(id -> !wanted.containsKey(id))
                .forEach(id -> drop(id, retracted.containsKey(id)));
        List.copyOf(removals.keySet()).stream()
                .filter(id -> !retracted.containsKey(id))
                .forEach(this::stopRemoving);
        var begun = new ArrayList<String>();
        wanted.values().stream().filter(this::take).map(AccountConfig::id).forEach(begun::add);
        retracted.values().stream()
                .filter(account -> !removals.containsKey(account.id()))
                .forEach(account -> {
                    removals.put(account.id(), host.remove(account));
                    begun.add(account.id());
                });
        begun.stream().filter(host::owns).forEach(this::begin);
        former.values().removeIf(CompletableFuture::isDone);
        following = true;
    }

    private void drop(String id, boolean retracted) {
        PolledAccount account = polled.remove(id);
        follows(id, account.ended());
        account.cancel();
        host.forget(id);
        LOG.atInfo()
                .addKeyValue("account", id)
                .addKeyValue("data", retracted ? "retracted as asked" : "kept")
                .log("Account is no longer polled");
    }

    private void stopRemoving(String id) {
        Removal removal = removals.remove(id);
        follows(id, removal.ended());
        removal.close();
    }

    /** @return whether the account is new or changed */
    private boolean take(AccountConfig account) {
        PolledAccount before = polled.get(account.id());
        if (before != null && before.config().equals(account)) {
            return false;
        }
        if (before != null) {
            follows(account.id(), before.ended());
            end(before, account);
            host.forget(account.id());
        }
        polled.put(account.id(), host.poll(account, Optional.ofNullable(before)));
        (following ? LOG.atInfo() : LOG.atDebug())
                .addKeyValue("account", account.id())
                .addKeyValue("api", account.apiUrl())
                .log(before == null ? "Account is configured" : "Account is configured otherwise");
        return true;
    }

    /** What was read with other settings is as good. Not so with another URL or token, nor while nothing can be published. */
    private void end(PolledAccount before, AccountConfig after) {
        boolean sameApi = before.config().apiUrl().equals(after.apiUrl())
                && before.config().token().equals(after.token());
        if (sameApi && host.owns(after.id())) {
            before.retire();
        } else {
            before.cancel();
        }
    }

    private void follows(String id, CompletableFuture<Void> end) {
        former.merge(id, end, CompletableFuture::allOf);
    }

    /** The account has become this poller's, or what is configured of it is new. */
    synchronized void begin(String id) {
        former.getOrDefault(id, CompletableFuture.completedFuture(null)).thenRun(() -> host.begin(id));
    }

    /** The account has become another poller's. */
    synchronized void suspend(String id) {
        if (polled.containsKey(id)) {
            polled.get(id).suspend();
        }
        if (removals.containsKey(id)) {
            removals.get(id).suspend();
        }
    }

    synchronized Optional<PolledAccount> account(String id) {
        return Optional.ofNullable(polled.get(id));
    }

    synchronized Optional<Removal> removal(String id) {
        return Optional.ofNullable(removals.get(id));
    }

    /** Of those that are polled. */
    synchronized Set<String> ids() {
        return Set.copyOf(polled.keySet());
    }

    /** Of all whose ledger matters: those polled, and those to be retracted. */
    synchronized Collection<String> allIds() {
        var all = new TreeSet<>(polled.keySet());
        all.addAll(removals.keySet());
        return all;
    }

    /** The poller ends. */
    synchronized void cancel() {
        polled.values().forEach(PolledAccount::cancel);
        removals.values().forEach(Removal::close);
    }
}
