package dev.kandjistream.sink.domain;

/**
 * What a rebuild of one current table does, or did: its rows compared by key with what they were or will be.
 *
 * @param table name within schema {@code kandji}
 * @param entity what operators call the topic: its name without the prefix
 * @param written rows that the table lacks
 * @param removed rows that the topic lacks
 * @param kept rows that both have
 */
public record RebuildPlan(String topic, String table, String entity, long written, long removed, long kept) {

    /** Whether it would leave no row of a table that has some. No topic does so unless an operator says so expressly. */
    public boolean emptiesTable() {
        return removed > 0 && written + kept == 0;
    }
}
