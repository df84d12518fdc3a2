package dev.kandjistream.poller.domain;

import java.util.HashMap;
import java.util.Map;

/**
 * The texts and apps of one sweep, each held once: of 1.5 million rows on 10,000 Macs some ten thousand are different
 * apps, so that a row costs 20 bytes instead of a kilobyte. Texts are looked up as they stand in the parser's buffer; a
 * text that is known already costs no allocation. Belongs to one sweep and one thread.
 */
public final class SharedApps {
    private static final long APP_WEIGHT = 200;
    private static final long TEXT_WEIGHT = 80;

    private final Map<App, SharedApp> apps = new HashMap<>();
    private String[] texts = new String[1 << 12];
    private int size;
    private long characters;

    /** The one instance of this app. */
    public SharedApp app(App app) {
        return apps.computeIfAbsent(app, SharedApp::of);
    }

    /** Bytes of heap that texts and apps take, roughly. */
    public long weight() {
        return apps.size() * APP_WEIGHT + size * TEXT_WEIGHT + characters * Character.BYTES;
    }

    /** @return the one instance of this text; null where it is blank */
    public String text(char[] buffer, int offset, int length) {
        if (blank(buffer, offset, length)) {
            return null;
        }
        int hash = 0;
        for (int i = offset; i < offset + length; i++) {
            hash = 31 * hash + buffer[i];
        }
        int mask = texts.length - 1;
        int slot = spread(hash) & mask;
        while (texts[slot] != null) {
            if (same(texts[slot], buffer, offset, length)) {
                return texts[slot];
            }
            slot = slot + 1 & mask;
        }
        String text = new String(buffer, offset, length);
        texts[slot] = text;
        characters += length;
        if (++size * 2 > texts.length) {
            grow();
        }
        return text;
    }

    private void grow() {
        String[] old = texts;
        texts = new String[old.length * 2];
        int mask = texts.length - 1;
        for (String text : old) {
            if (text != null) {
                int slot = spread(text.hashCode()) & mask;
                while (texts[slot] != null) {
                    slot = slot + 1 & mask;
                }
                texts[slot] = text;
            }
        }
    }

    /** Of the same value as for {@link String#hashCode}, which {@link #grow} uses. */
    private static int spread(int hash) {
        int spread = hash * 0x9E3779B9;
        return spread ^ spread >>> 15;
    }

    private static boolean same(String text, char[] buffer, int offset, int length) {
        if (text.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (text.charAt(i) != buffer[offset + i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean blank(char[] buffer, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (!Character.isWhitespace(buffer[i])) {
                return false;
            }
        }
        return true;
    }
}
