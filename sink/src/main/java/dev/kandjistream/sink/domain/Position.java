package dev.kandjistream.sink.domain;

import java.util.OptionalLong;
import java.util.UUID;

/**
 * Where the sink stands in one partition.
 *
 * @param topicId id of the topic that the offset belongs to
 * @param nextOffset offset to be read next
 * @param generation how often the partition's current rows were rebuilt; rows carry the generation they were written in
 * @param rebuildUntil while a rebuild runs, the offset at which it is done
 */
public record Position(UUID topicId, long nextOffset, int generation, OptionalLong rebuildUntil) {

    /** Whether events before this are perhaps known to history already. */
    public boolean rebuilding() {
        return rebuildUntil.isPresent();
    }

    /** The same after everything before {@code offset} was applied. */
    public Position advancedTo(long offset) {
        boolean done = rebuildUntil.isPresent() && offset >= rebuildUntil.getAsLong();
        return new Position(topicId, offset, generation, done ? OptionalLong.empty() : rebuildUntil);
    }
}
