package dev.kandjistream.poller;

import java.util.Locale;

/** How full sweeps of the apps are read. */
public enum AppsBy {
    /** By export where the token may and the fleet is large, else by cursor. */
    AUTO,
    /** Always page by page. */
    CURSOR;

    /** As configurations spell it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
