package dev.kandjistream.standalone.cli;

/** What a process says of itself to the shell or orchestrator that started it. */
final class ExitCodes {
    /** Done, as asked. */
    static final int DONE = 0;
    /** Not done: an account cannot be polled, a sweep was not whole, a service stopped for good. */
    static final int FAILED = 1;
    /** The command line is wrong. */
    static final int USAGE = 2;
    /** The configuration is wrong. */
    static final int CONFIGURATION = 3;

    private ExitCodes() {}
}
