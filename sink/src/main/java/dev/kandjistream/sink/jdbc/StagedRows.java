package dev.kandjistream.sink.jdbc;

import dev.kandjistream.sink.domain.ChangeRow;
import dev.kandjistream.sink.domain.CurrentTable;
import dev.kandjistream.sink.domain.DecisionRow;
import dev.kandjistream.sink.domain.Receipt;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of one batch, encoded as they come. Filled before the transaction begins, so that no lock is held while records
 * are decoded; cleared and used again for the next batch.
 */
public final class StagedRows {
    private final Map<CurrentTable, StagedTable> tables = new EnumMap<>(CurrentTable.class);
    private final List<StagedReceipt> receipts = new ArrayList<>();
    private final StagedDecisions decisions = new StagedDecisions();

    /** @param receipt null: the receipt under the key goes */
    record StagedReceipt(String key, Receipt receipt, int partition, int generation) {}

    public StagedRows() {
        for (CurrentTable table : CurrentTable.values()) {
            tables.put(table, new StagedTable(table));
        }
    }

    public void clear() {
        tables.values().forEach(StagedTable::clear);
        receipts.clear();
        decisions.rows.clear();
    }

    /**
     * Adds what a record does. Records of one key must be added in their order.
     *
     * @param last whether no later record of the batch has the same key: only the last one touches the current table
     * @param generation of the partition, see {@link dev.kandjistream.sink.domain.Position}
     * @throws ArithmeticException where a time is beyond what the database can hold
     */
    public void add(ChangeRow row, boolean last, int partition, int generation) {
        StagedTable table = tables.get(row.table());
        if (row.event() != null) {
            table.addEvent(row);
        }
        if (last) {
            table.addState(row, partition, generation);
        }
    }

    /** Adds a receipt. All of a key are kept, in their order: each tells how far its sweep must be followed. */
    public void add(Receipt receipt, int partition, int generation) {
        receipts.add(new StagedReceipt(receipt.key(), receipt, partition, generation));
    }

    /** Adds the removal of the receipt under a key. */
    public void addReceiptRemoval(String key) {
        receipts.add(new StagedReceipt(key, null, 0, 0));
    }

    /** Adds a decision. */
    public void add(DecisionRow decision) {
        decisions.add(decision);
    }

    /** How many U+0000 were left out of texts. */
    public long strippedCharacters() {
        return tables.values().stream()
                        .mapToLong(StagedTable::strippedCharacters)
                        .sum()
                + decisions.rows.strippedCharacters();
    }

    Collection<StagedTable> tables() {
        return tables.values();
    }

    List<StagedReceipt> receipts() {
        return receipts;
    }

    StagedDecisions decisions() {
        return decisions;
    }
}
