package dev.kandjistream.sink.domain;

/**
 * What a rebuild of one current table does, or did: its rows compared by key with what they were or will be.
 *
 * @param table name within schema {@code kandji}
 * @param entity what operators call the topic: its name without the prefix
 * @param written rows that the table lacks
 * @param removed rows that the topic lacks
 * @param kept rows that both have
 * @param displaced records in other partitions than their keys belong to: partitions were added, and the topic keeps outdated
 *     records of these keys
 */
public record RebuildPlan(
        String topic, String table, String entity, long written, long removed, long kept, long displaced) {

    /** Whether it would leave no row of a table that has some. No topic does so unless an operator says so expressly. */
    public boolean emptiesTable() {
        return removed > 0 && written + kept == 0;
    }
}
