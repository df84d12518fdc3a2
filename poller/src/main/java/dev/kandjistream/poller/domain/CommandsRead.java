package dev.kandjistream.poller.domain;

import java.util.List;

/**
 * How far an account's commands were carried out.
 *
 * @param topicId of the commands topic that the offset belongs to; null where that is not known
 * @param upTo offset in the commands topic; those below it are done
 * @param owed answers of theirs that no receipt has given yet
 */
public record CommandsRead(String topicId, long upTo, List<CommandAnswer> owed) {
    public static final CommandsRead NONE = new CommandsRead(null, 0, List.of());

    public CommandsRead {
        owed = List.copyOf(owed);
    }

    /** The same place, with these answers owed. */
    public CommandsRead owing(List<CommandAnswer> answers) {
        return new CommandsRead(topicId, upTo, answers);
    }

    /** Whether something was carried out, or is to be answered. */
    public boolean any() {
        return upTo != 0 || !owed.isEmpty();
    }
}
