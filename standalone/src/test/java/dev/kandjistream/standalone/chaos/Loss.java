package dev.kandjistream.standalone.chaos;

/** Something that operators meet over the years, and that the pipeline must come through by itself. */
enum Loss {
    /** The enricher's group and its offsets are deleted while it is away. */
    GROUP(Member.ENRICHER),
    /** The enricher's state is set back to a copy of some seconds ago. */
    VOLUME(Member.ENRICHER),
    /** The database is set back to a copy of some seconds ago. */
    DATABASE(Member.DATABASE),
    /** The registry comes back empty, and later as it was. */
    REGISTRY(Member.BROKER),
    /** A raw topic is deleted. */
    RAW_TOPIC(null);

    private final Member victim;

    Loss(Member victim) {
        this.victim = victim;
    }

    /** Who is killed for it; null for nobody. */
    Member victim() {
        return victim;
    }
}
