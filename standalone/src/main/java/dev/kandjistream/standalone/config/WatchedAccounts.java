package dev.kandjistream.standalone.config;

import dev.kandjistream.config.ConfigException;
import dev.kandjistream.config.Fault;
import dev.kandjistream.poller.AccountConfig;
import dev.kandjistream.poller.AccountList;
import dev.kandjistream.poller.RemovedAccount;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The accounts as the files say that a service was started with, whenever those change. What is at fault never replaces what
 * was sound: it is logged, once for each change, and all goes on as it was. Called by one thread.
 */
public final class WatchedAccounts implements AccountList.Source {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedAccounts.class);

    private final ConfigSource source;
    private final Configuration started;
    private Configuration current;
    private AccountList list;
    private AccountFiles seen;
    private AccountFiles read;
    private boolean sound;
    private String complained;

    /** @param started what the source said when the service was started */
    public WatchedAccounts(ConfigSource source, Configuration started) {
        this.source = source;
        this.started = started;
        current = started;
        complained = told(faultsOf(started));
        list = new AccountList(started.accounts(), started.removed());
        // Nothing is taken for read: a change between the start and this moment must be found.
        sound = true;
    }

    /** A change is looked at when it has stood from one call to the next: until then somebody may be writing. */
    @Override
    public Optional<AccountList> changed() {
        AccountFiles now = AccountFiles.now(source.file(), current.accountsDir());
        boolean still = now.equals(seen);
        seen = now;
        // What is at fault is read again, for the reason may be another file: a token that is yet to come.
        if (!still || sound && now.equals(read)) {
            return Optional.empty();
        }
        read = now;
        try {
            return taken(source.read());
        } catch (ConfigException faulty) {
            sound = false;
            complain(
                    "The changed configuration is at fault; the accounts configured before are polled on",
                    faulty.faults());
            return Optional.empty();
        }
    }

    private Optional<AccountList> taken(Configuration changed) {
        sound = changed.rejected().isEmpty();
        complain(
                "Files of accounts_dir are at fault; no account configured before is given up until they are mended",
                faultsOf(changed));
        tellUnused(changed);
        var wanted = new AccountList(sound ? changed.accounts() : withFormer(changed), changed.removed());
        current = changed;
        if (wanted.equals(list)) {
            return Optional.empty();
        }
        list = wanted;
        return Optional.of(wanted);
    }

    /** Which of those that are missing now stood in a faulty file, nobody can tell: all of them stay that are not removed. */
    private List<AccountConfig> withFormer(Configuration changed) {
        var gone = new HashSet<String>();
        changed.accounts().stream().map(AccountConfig::id).forEach(gone::add);
        changed.removed().stream().map(RemovedAccount::id).forEach(gone::add);
        var all = new ArrayList<>(changed.accounts());
        list.polled().stream().filter(account -> !gone.contains(account.id())).forEach(all::add);
        return all;
    }

    private void complain(String what, List<Fault> faults) {
        String all = told(faults);
        if (!all.equals(complained) && !faults.isEmpty()) {
            LOG.atError()
                    .addKeyValue("configuration", source)
                    .addKeyValue("faults", all)
                    .log(what);
        }
        complained = all;
    }

    private static List<Fault> faultsOf(Configuration configuration) {
        return configuration.rejected().stream()
                .flatMap(account -> account.faults().stream())
                .toList();
    }

    private static String told(List<Fault> faults) {
        return faults.stream().map(Fault::toString).collect(Collectors.joining(" | "));
    }

    private void tellUnused(Configuration changed) {
        List<String> keys = changed.keysThatDiffer(started);
        if (!keys.isEmpty() && !changed.keysThatDiffer(current).isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("configuration", source)
                    .addKeyValue("keys", String.join(", ", keys))
                    .log("Changed settings are not used before a restart; only accounts are followed");
        }
    }
}
