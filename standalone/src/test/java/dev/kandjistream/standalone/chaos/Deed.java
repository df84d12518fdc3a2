package dev.kandjistream.standalone.chaos;

import java.time.Duration;

/** Something done to the pipeline or to what it polls. */
sealed interface Deed {
    /** When it is over and undone, counted from its beginning. */
    Duration length();

    /** SIGKILL; started again after that time. */
    record Kill(Member member, Duration length) implements Deed {}

    /** SIGSTOP, and SIGCONT after that time. */
    record Freeze(Member member, Duration length) implements Deed {}

    /** SIGTERM, and started again as soon as it has ended; the length is an allowance. */
    record Restart(Member member, Duration length) implements Deed {}

    /** SIGTERM, and when it has ended, started with that release; the length is an allowance. */
    record Replace(Member member, Release release, Duration length) implements Deed {}

    /** As soon as its former release has refused to work: replaced by the present one; the length is an allowance. */
    record TakeBack(Member member, Duration length) implements Deed {}

    /** Whoever is concerned is killed and started again, twice at most: at the beginning and at the end. */
    record Lose(Loss loss, Duration length) implements Deed {}

    /** The clock of a service is set, and is right again after that time. */
    record SetClock(Member member, Duration ahead, Duration length) implements Deed {}

    /** The API of an account misbehaves for that time. */
    record Trouble(String account, ApiFault fault, Duration length) implements Deed {}

    /** The next change of an account's fleet. */
    record Change(String account) implements Deed {
        @Override
        public Duration length() {
            return Duration.ZERO;
        }
    }
}
