package dev.kandjistream.standalone.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program that is run, ended in any way, and run again; what it prints goes to the end of one file. Signals meet its child
 * processes too, as a machine's end would.
 */
final class Child {
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(60);

    private final String name;
    private final List<String> command;
    private final String stopSignal;
    private final Path log;
    private final Guard guard;
    private Map<String, String> environment = Map.of();
    private Process process;

    /** @param stopSignal that asks it to end in order: {@code TERM}, or {@code INT} for PostgreSQL */
    Child(String name, List<String> command, String stopSignal, Path directory, Guard guard) {
        this.name = name;
        this.command = List.copyOf(command);
        this.stopSignal = stopSignal;
        this.log = directory.resolve(name + ".log");
        this.guard = guard;
    }

    /** A JVM on this one's class path. */
    static Child java(
            String name, int heapMegabytes, Class<?> main, List<String> arguments, Path directory, Guard guard) {
        return java(name, heapMegabytes, Release.PRESENT, main, arguments, directory, guard);
    }

    static Child java(
            String name,
            int heapMegabytes,
            Release release,
            Class<?> main,
            List<String> arguments,
            Path directory,
            Guard guard) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx" + heapMegabytes + "m"));
        command.addAll(List.of("-cp", release.classPath(directory), main.getName()));
        command.addAll(arguments);
        return new Child(name, command, "TERM", directory, guard);
    }

    /** The same, started with further variables from now on. */
    Child with(Map<String, String> variables) {
        environment = Map.copyOf(variables);
        return this;
    }

    String name() {
        return name;
    }

    Path log() {
        return log;
    }

    long pid() {
        return process.pid();
    }

    void start() {
        var output = ProcessBuilder.Redirect.appendTo(log.toFile());
        try {
            var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output);
            // Whoever runs us may configure a pipeline of theirs by variables.
            builder.environment().keySet().removeIf(variable -> variable.startsWith("KANDJI_STREAM_"));
            builder.environment().putAll(environment);
            process = builder.start();
        } catch (IOException failed) {
            throw new UncheckedIOException(name + " could not be started: " + command.get(0), failed);
        }
        guard.watch(process.pid());
    }

    boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Null while it runs. */
    Integer exitCode() {
        return isAlive() ? null : Integer.valueOf(process.exitValue());
    }

    /** SIGKILL; returns when all of it is gone. */
    void kill() {
        if (process == null) {
            return;
        }
        List<ProcessHandle> tree = tree();
        tree.forEach(ProcessHandle::destroyForcibly);
        tree.forEach(part -> part.onExit().orTimeout(30, TimeUnit.SECONDS).join());
        awaitEnd();
    }

    void freeze() {
        // The guard has to know all that is stopped: what is stopped does not see its parent die.
        tree().forEach(part -> guard.watch(part.pid()));
        signal("STOP");
    }

    void thaw() {
        signal("CONT");
    }

    /** Asks it to end in order; returns at once. */
    void stop() {
        if (isAlive()) {
            send(stopSignal, List.of(process.toHandle()));
        }
    }

    void awaitEnd() {
        try {
            if (!process.waitFor(ENDS_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException(
                        name + " was asked to end and has not within " + ENDS_WITHIN + "; its log is " + log);
            }
            guard.forget(process.pid());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private List<ProcessHandle> tree() {
        var tree = new ArrayList<ProcessHandle>();
        tree.add(process.toHandle());
        process.descendants().forEach(tree::add);
        return tree;
    }

    private void signal(String signal) {
        send(signal, tree());
    }

    private static void send(String signal, List<ProcessHandle> processes) {
        var command = new ArrayList<>(List.of("kill", "-" + signal));
        processes.forEach(part -> command.add(String.valueOf(part.pid())));
        try {
            // Some may have ended meanwhile, which is none of our business.
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException noKill) {
            throw new UncheckedIOException(noKill);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
