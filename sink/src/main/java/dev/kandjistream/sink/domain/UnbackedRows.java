package dev.kandjistream.sink.domain;

/**
 * Rows of a current table that stand although their topic lost the records that they came from.
 *
 * @param table name within schema {@code kandji}
 * @param entity what {@code rebuild --entity} calls the topic: its name without the prefix
 */
public record UnbackedRows(String topic, String table, String entity, Loss loss, long rows) {

    /** Sweeps fill it; everything else is in the enricher's state. */
    private static final String RECEIPTS = "sweeps";

    /** What happened, how many rows stand, and what to run, in one sentence. */
    public String sentence() {
        return "Topic " + topic + " " + loss.words() + ": " + rows + (rows == 1 ? " row" : " rows")
                + " of table kandji." + table + (rows == 1 ? " stands" : " stand")
                + " without a record. "
                + (loss == Loss.ALTERED ? "Delete the topic; it is created again. " : "")
                + (entity.equals(RECEIPTS)
                        ? "Once the topic is filled again, run "
                        : "To fill it, run kandji-stream replay --entity " + entity + ", then ")
                + "kandji-stream rebuild --entity " + entity + " (docs/runbook.md).";
    }
}
