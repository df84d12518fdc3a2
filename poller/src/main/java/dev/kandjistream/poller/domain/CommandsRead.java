package dev.kandjistream.poller.domain;

import java.util.List;

/**
 * How far an account's commands were carried out.
 *
 * @param upTo offset in the commands topic; those below it are done
 * @param owed answers of theirs that no receipt has given yet
 */
public record CommandsRead(long upTo, List<CommandAnswer> owed) {
    public static final CommandsRead NONE = new CommandsRead(0, List.of());

    public CommandsRead {
        owed = List.copyOf(owed);
    }
}
