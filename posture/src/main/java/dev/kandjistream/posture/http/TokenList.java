package dev.kandjistream.posture.http;

import dev.kandjistream.config.Environment;
import dev.kandjistream.config.Fault;
import dev.kandjistream.config.Faults;
import dev.kandjistream.config.Node;
import dev.kandjistream.config.Section;
import dev.kandjistream.config.Type;
import dev.kandjistream.config.YamlTree;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What one reading of a {@link TokenFile} gave. */
final class TokenList {
    /** Where somebody wrote the token itself, its digest would be no secret any more: neither is ever shown. */
    private static final Type<String> DIGEST = hidden("[0-9a-fA-F]{64}", "64 hex digits, the token's SHA-256");

    private static final Type<String> NAME = hidden("[A-Za-z0-9_-]{1,64}", "1 to 64 letters, digits, - and _");
    private static final Set<String> OF_NOTHING = Set.of(hex(digest("")), hex(digest("\n")));
    private static final String SCOPES = "decide, read or both";
    private static final String MEND = "printf %s \"$TOKEN\" | sha256sum makes it";

    private final List<Entry> entries;

    private record Entry(byte[] digest, Client client) {}

    private TokenList(List<Entry> entries) {
        this.entries = entries;
    }

    /** @param faults where there are any afterwards, the list is not to be used */
    static TokenList parse(String text, String file, Faults faults) {
        var source = new Section.Source(file, Path.of(""), Environment.none(), faults);
        Node.Mapping root = YamlTree.parse(text, file, faults);
        if (!faults.isEmpty() || hasBareTokens(root, file, faults)) {
            return new TokenList(List.of());
        }
        return new TokenList(new Reader(Section.root(root, source)).read());
    }

    /** What stands where keys with values are expected may be a token, and the usual fault would quote it. */
    private static boolean hasBareTokens(Node.Mapping root, String file, Faults faults) {
        Node tokens = root.children().get("tokens");
        List<Node> items =
                tokens instanceof Node.Sequence list ? list.items() : tokens == null ? List.of() : List.of(tokens);
        boolean bare = false;
        for (Node item : items) {
            if (item instanceof Node.Scalar) {
                bare = true;
                var place = new Fault.Place(file, item.line());
                faults.add(
                        place,
                        "tokens",
                        "name, sha256 and scopes",
                        "[hidden]",
                        "take it for known and make another one");
            }
        }
        return bare;
    }

    /** Every entry is compared, and each to its end: how long it takes tells nobody how much of a token was right. */
    Optional<Client> clientOf(String token) {
        byte[] digest = digest(token);
        Client client = null;
        for (Entry entry : entries) {
            if (MessageDigest.isEqual(entry.digest(), digest)) {
                client = entry.client();
            }
        }
        return token.isEmpty() ? Optional.empty() : Optional.ofNullable(client);
    }

    int size() {
        return entries.size();
    }

    private static final class Reader {
        private final Section root;
        private final List<Entry> entries = new ArrayList<>();
        private final Map<String, String> fieldsSeen = new HashMap<>();

        Reader(Section root) {
            this.root = root;
        }

        List<Entry> read() {
            List<Section> sections = root.sections("tokens");
            if (sections.isEmpty()) {
                root.fault("tokens", "at least one token", "none", "without one nobody could ask");
            }
            sections.forEach(this::readEntry);
            root.reportUnknown();
            return List.copyOf(entries);
        }

        private void readEntry(Section section) {
            Optional<String> name = section.require("name", NAME, "name whoever uses the token")
                    .filter(given -> isNew(section, "name", given));
            Optional<String> digest = section.require("sha256", DIGEST, MEND)
                    .map(given -> given.toLowerCase(Locale.ROOT))
                    .filter(given -> isOfSomething(section, given) && isNew(section, "sha256", given));
            Set<Scope> scopes = scopes(section);
            section.reportUnknown();
            if (name.isPresent() && digest.isPresent()) {
                entries.add(new Entry(HexFormat.of().parseHex(digest.get()), new Client(name.get(), scopes)));
            }
        }

        private boolean isNew(Section section, String key, String value) {
            String earlier = fieldsSeen.putIfAbsent(key + value, section.path());
            if (earlier != null) {
                section.fault(key, "one of its own", "that of " + earlier, "");
            }
            return earlier == null;
        }

        private static boolean isOfSomething(Section section, String digest) {
            boolean nothing = OF_NOTHING.contains(digest);
            if (nothing) {
                section.fault("sha256", "the digest of a token", "that of nothing", MEND);
            }
            return !nothing;
        }

        private static Set<Scope> scopes(Section section) {
            Set<Scope> scopes = EnumSet.noneOf(Scope.class);
            Optional<List<String>> words = section.require("scopes", Type.WORDS, SCOPES);
            for (String word : words.orElse(List.of())) {
                Optional<Scope> scope = EnumSet.allOf(Scope.class).stream()
                        .filter(one -> one.word().equals(word))
                        .findFirst();
                scope.ifPresent(scopes::add);
                if (scope.isEmpty()) {
                    section.fault("scopes", SCOPES, Section.quoted(word), "");
                }
            }
            if (words.isPresent() && words.get().isEmpty()) {
                section.fault("scopes", SCOPES, "none", "");
            }
            return scopes;
        }
    }

    private static Type<String> hidden(String pattern, String expected) {
        return new Type<>(expected, true, Type.matching(pattern, expected).reader());
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java has SHA-256", impossible);
        }
    }

    private static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest);
    }
}
