package dev.kandjistream.sink.domain;

/** What a topic lost that its table was made of. No loss removes a row, because no record ended what the rows show. */
public enum Loss {
    /** The topic was deleted. */
    MISSING("does not exist"),
    /** The topic was deleted and created again: its id is another one. */
    REPLACED("was deleted and created again"),
    /** Its first offset moved on, which compaction never does. */
    CUT("is incomplete: records at its beginning were deleted"),
    /** It ends before the position up to which it was read. */
    SHORTENED("is incomplete: records at its end were lost"),
    /** Partitions were added: later records of a key lie in another partition, and compaction leaves the former ones for ever. */
    ALTERED("has more partitions than before, so it keeps outdated records of keys that moved");

    private final String words;

    Loss(String words) {
        this.words = words;
    }

    /** What is the matter with the topic, to follow its name. */
    public String words() {
        return words;
    }
}
