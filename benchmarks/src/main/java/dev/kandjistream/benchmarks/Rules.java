package dev.kandjistream.benchmarks;

import java.util.List;

/** A policy of so many rules, all of which are asked before the last one allows. */
final class Rules {
    /** In turn, each with a number of its own in the place of {@code #}; {@code ~} falls, so that no rule is in vain. */
    private static final List<String> CONDITIONS = List.of(
            "mdm_enabled == false && context.app == \"app-#\"",
            "os_version < \"13.#\"",
            "checked_in_ago > days(~)",
            "\"lost-#\" in tags",
            "blueprint == \"Blueprint #\"");

    private Rules() {}

    static String text(int rules) {
        var text = new StringBuilder("rules:\n");
        for (int i = 1; i < rules; i++) {
            String condition = CONDITIONS
                    .get(i % CONDITIONS.size())
                    .replace("#", Integer.toString(i))
                    .replace("~", Integer.toString(10_000 - i));
            text.append("  - { name: rule-").append(i).append(", outcome: deny, when: '");
            text.append(condition).append("', notification: \"Ask IT.\" }\n");
        }
        return text.append("  - { name: known, outcome: allow, when: 'connection == \"available\"' }\n")
                .toString();
    }
}
