package dev.kandjistream.standalone.config;

import dev.kandjistream.config.Environment;
import dev.kandjistream.config.Fault;
import dev.kandjistream.config.Faults;
import dev.kandjistream.config.Node;
import dev.kandjistream.config.Section;
import dev.kandjistream.config.Type;
import dev.kandjistream.config.YamlTree;
import dev.kandjistream.kandji.ApiUrl;
import dev.kandjistream.poller.AccountConfig;
import dev.kandjistream.poller.GroupSettings;
import dev.kandjistream.poller.PollSettings;
import dev.kandjistream.poller.RemovedAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.config.types.Password;

/**
 * Accounts from three places: the list in the file, the files of {@code accounts_dir}, and variables alone
 * ({@code KANDJI_STREAM_ACCOUNTS_ACME_API_URL}), which also override the former two. A fault in the list or in a
 * variable is a fault of the whole; one in a file of the folder stops that account only.
 */
final class AccountsReader {
    private static final String ID_FORM = "[a-z0-9-]+";

    /** An account's id. */
    static final Type<String> ID = Type.matching(ID_FORM, "an id of small letters, digits and dashes");

    private static final String VARIABLE_PREFIX = Environment.PREFIX + "ACCOUNTS_";
    private static final String FOLDER_VARIABLE = VARIABLE_PREFIX + "DIR";

    /**
     * What was found, and how pollers share it out.
     *
     * @param removed which are not polled any more
     * @param folder of one file an account; empty where there is none
     */
    record Accounts(
            List<AccountConfig> accepted,
            List<RejectedAccount> rejected,
            List<RemovedAccount> removed,
            Optional<Path> folder,
            GroupSettings group) {
        /** For those who need none. */
        static final Accounts NONE =
                new Accounts(List.of(), List.of(), List.of(), Optional.empty(), GroupSettings.DEFAULT);
    }

    private final Section root;
    private final Section.Source source;
    private final Map<String, AccountConfig> accepted = new LinkedHashMap<>();
    private final Map<String, String> placeOfTenant = new LinkedHashMap<>();
    private final Set<String> ids = new LinkedHashSet<>();
    private final List<RejectedAccount> rejected = new ArrayList<>();
    private int seen;

    AccountsReader(Section root, Section.Source source) {
        this.root = root;
        this.source = source;
    }

    Accounts read() {
        Section poller = root.section("poller");
        PollSettings defaults = PollerKeys.read(poller, PollSettings.defaults());
        GroupSettings group = PollerKeys.group(poller);
        poller.reportUnknown();
        int faultsBefore = source.faults().all().size();
        List<Section> listed = root.sections("accounts");
        boolean listIsSound = source.faults().all().size() == faultsBefore;
        listed.forEach(section -> one(section, Optional.empty(), source, defaults));
        Optional<Path> folder = root.read("accounts_dir", Type.PATH);
        folder.ifPresent(path -> folder(path, defaults));
        idsInVariables(source.environment(), ids)
                .forEach(id -> one(Section.root(Node.Mapping.EMPTY, source), Optional.of(id), source, defaults));
        List<RemovedAccount> removed = new RemovedAccountsReader(root, ids).read();
        if (seen == 0 && listIsSound && !root.isGiven("accounts_dir") && !root.isGiven("removed_accounts")) {
            root.fault("accounts", "at least one account", "none", "list each with its id, api_url and token_file");
        }
        return new Accounts(List.copyOf(accepted.values()), rejected, removed, folder, group);
    }

    private void folder(Path folder, PollSettings defaults) {
        List<Path> files;
        try {
            files = AccountFiles.in(folder);
        } catch (IOException fault) {
            root.fault(
                    "accounts_dir",
                    "a folder with one file per account",
                    Files.exists(folder) ? folder + ", which cannot be listed" : "no folder " + folder,
                    "");
            return;
        }
        files.forEach(file -> file(file, defaults));
    }

    private void file(Path file, PollSettings defaults) {
        var faults = new Faults();
        String name = file.getFileName().toString();
        String stem = name.substring(0, name.lastIndexOf('.'));
        try {
            Node.Mapping mapping = YamlTree.parse(Files.readString(file), file.toString(), faults);
            var own = new Section.Source(
                    file.toString(), file.toAbsolutePath().getParent(), source.environment(), faults);
            one(Section.root(mapping, own), Optional.of(stem), own, defaults);
        } catch (IOException fault) {
            faults.add(
                    new Fault.Place(file.toString(), 0),
                    "",
                    "a file of YAML in UTF-8",
                    "one that cannot be read (" + fault.getMessage() + ")");
        }
        if (!faults.isEmpty()) {
            rejected.add(new RejectedAccount(stem, faults.all()));
        }
    }

    /** @param name the id where the mapping says none: the file's name, or the variable's */
    private void one(Section given, Optional<String> name, Section.Source from, PollSettings defaults) {
        seen++;
        // Variables are found by the id, so the id itself can only come from the file.
        Section unnamed = given.named(given.path(), "");
        Optional<String> id = unnamed.isGiven("id") || name.isEmpty()
                ? unnamed.require("id", ID, "")
                : name.filter(stem -> stem.matches(ID_FORM));
        if (id.isEmpty() && !unnamed.isGiven("id") && name.isPresent()) {
            unnamed.fault("id", ID.expected(), "none, and the file's name will not do", "give the account an id");
        }
        Section section =
                given.named(given.path(), id.map(AccountsReader::variablePrefix).orElse(""));
        section.read("id", Type.TEXT);
        int faultsBefore = from.faults().all().size();
        Optional<ApiUrl> url = apiUrl(section);
        Optional<Supplier<Password>> token =
                Secrets.read(section, "token", true).filter(secret -> isToken(section, secret));
        PollSettings settings = PollerKeys.read(section, defaults);
        section.reportUnknown();
        if (id.isPresent()
                && isUnique(section, id.get(), url)
                && url.isPresent()
                && token.isPresent()
                && from.faults().all().size() == faultsBefore) {
            accepted.put(id.get(), new AccountConfig(id.get(), url.get(), token.get(), settings));
        }
    }

    private static Optional<ApiUrl> apiUrl(Section section) {
        boolean allowHttp = section.read("allow_http", Type.BOOLEAN, false);
        var text = section.require("api_url", Type.TEXT, "copy it from Kandji: Settings, Access, API token");
        try {
            return text.map(given -> ApiUrl.parse(given, allowHttp));
        } catch (IllegalArgumentException fault) {
            // It says itself what it expected and found.
            section.fault("api_url", fault.getMessage());
            return Optional.empty();
        }
    }

    /** A header that cannot be sent, or a token pasted with its header, would only come out as a puzzling 401. */
    private static boolean isToken(Section section, Supplier<Password> secret) {
        String token = secret.get().value();
        String key = section.isGiven("token") ? "token" : "token_file";
        if (token.toLowerCase(Locale.ROOT).startsWith("bearer ")) {
            section.fault(key, "the token alone", "[hidden], begun with the word Bearer", "remove that word");
            return false;
        }
        if (!token.chars().allMatch(c -> c > ' ' && c < 127)) {
            section.fault(
                    key, "a token of visible ASCII characters", "[hidden], with others in it", "copy the token anew");
            return false;
        }
        return true;
    }

    private boolean isUnique(Section section, String id, Optional<ApiUrl> url) {
        boolean unique = true;
        if (!ids.add(id)) {
            section.fault("id", "each id once", Section.quoted(id) + " again", "give this account another id");
            unique = false;
        }
        String other = url.map(ApiUrl::tenant)
                .map(tenant -> placeOfTenant.putIfAbsent(tenant, id))
                .orElse(null);
        if (other != null) {
            section.fault(
                    "api_url",
                    "each tenant once, as all accounts of a tenant share its quota",
                    "the tenant of account " + Section.quoted(other),
                    "remove one of the two");
            unique = false;
        }
        return unique;
    }

    private static String variablePrefix(String id) {
        return VARIABLE_PREFIX + Environment.capitals(id) + "_";
    }

    /** Ids of accounts that stand in variables alone: what is before a known key, and is no account of a file. */
    static Set<String> idsInVariables(Environment environment, Set<String> ids) {
        Set<String> found = new LinkedHashSet<>();
        Set<String> taken = new LinkedHashSet<>();
        ids.forEach(id -> taken.add(Environment.capitals(id)));
        environment.variables().keySet().stream()
                .filter(name -> name.startsWith(VARIABLE_PREFIX) && !name.equals(FOLDER_VARIABLE))
                .filter(name -> name.endsWith("_API_URL"))
                .map(name -> name.substring(VARIABLE_PREFIX.length(), name.length() - "_API_URL".length()))
                .filter(name -> !name.isEmpty() && !taken.contains(name))
                .sorted()
                .forEach(name -> found.add(name.toLowerCase(Locale.ROOT).replace('_', '-')));
        return found;
    }
}
