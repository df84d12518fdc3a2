package dev.kandjistream.enricher;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;

/**
 * Bounds the memory of all stores of the process. They share one cache for blocks, indexes and filters. By default each of the
 * 24 stores would have its own cache of 50 MB and three write buffers of 16 MB. Loaded by Kafka Streams by name.
 *
 * <p>Each store has write buffers of its own, small ones. A shared budget for them ({@code WriteBufferManager}) was tried: when
 * it is spent, RocksDB flushes the store that is written to at that moment, however little is in its buffer. Some runs then
 * flush thousands of nearly empty files and spend most of their time compacting them; others never do.
 */
public final class BoundedRocksDb implements RocksDBConfigSetter {
    private static final long CACHE_BYTES = 64L * 1024 * 1024;

    /** For each store, two of them: one that is written to and one that is flushed. */
    private static final long WRITE_BUFFER_BYTES = 2L * 1024 * 1024;

    // Shared by all stores and never closed: it lives as long as the process.
    private static final Cache CACHE = new LRUCache(CACHE_BYTES);

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        var table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(CACHE);
        table.setCacheIndexAndFilterBlocks(true);
        options.setTableFormatConfig(table);
        options.setWriteBufferSize(WRITE_BUFFER_BYTES);
        options.setMaxWriteBufferNumber(2);
    }

    @Override
    public void close(String storeName, Options options) {
        // Nothing of the store's own.
    }
}
