package dev.kandjistream.poller.domain;

/**
 * What a row says of one field instead of the truth.
 *
 * @param value what is read; null where nothing is
 */
record FieldLie(Form form, String value) {
    /** Fields on which seats and access depend. */
    enum Field {
        USER("user"),
        USER_ID("user.id"),
        USER_EMAIL("user.email"),
        PLATFORM("platform"),
        SERIAL("serial_number"),
        REMOVED("is_removed");

        private final String word;

        Field(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    /** How the field is wrong. */
    enum Form {
        /** It is not there, or under another name. */
        MISSING,
        /** It has another type. */
        UNREAD,
        /** Explicitly null or blank. */
        BLANK,
        /** A word that is not known. */
        STRANGE,
        /** A value that is as good as the true one: another device's, or a flag turned round. */
        OTHER
    }

    static FieldLie of(Form form) {
        return new FieldLie(form, form == Form.STRANGE ? "macOS" : null);
    }

    static FieldLie other(String value) {
        return new FieldLie(Form.OTHER, value);
    }

    /**
     * Whether the API states something that it might well state of a real device: then {@link EvidenceRules#misses} complete
     * sweeps in a row are believed, for nobody could tell it from the truth.
     */
    static boolean isStatement(Field field, Form form) {
        return switch (field) {
            case USER -> form == Form.BLANK || form == Form.OTHER;
            case USER_ID, REMOVED -> form == Form.OTHER;
            default -> false;
        };
    }
}
