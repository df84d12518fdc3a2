package dev.kandjistream.standalone.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Properties;

/**
 * What the demo must know to come back to the same fleets: what they were made of, and how many steps were played. The
 * fleets themselves are not stored; seed and steps give them again.
 *
 * <p>A step is written down before it is played. If the process is killed in between, the next start plays it, which is
 * as good: the poller finds it then.
 */
final class DemoState {

    /** What fleets are made of. */
    record Fleets(int devices, int appsPerDevice, long seed) {
        static final Fleets USUAL = new Fleets(1000, 150, 1);
    }

    private static final String FILE = "demo.properties";

    private final Path file;
    private final Properties properties;

    private DemoState(Path file, Properties properties) {
        this.file = file;
        this.properties = properties;
    }

    /**
     * @param devices wanted by the command line; empty: what the folder remembers, else the usual
     * @throws IllegalArgumentException when the folder remembers other fleets than wanted
     */
    static DemoState in(Path folder, Optional<Integer> devices, Optional<Integer> appsPerDevice, Optional<Long> seed) {
        Path file = folder.resolve(FILE);
        var properties = new Properties();
        if (Files.exists(file)) {
            try (InputStream in = Files.newInputStream(file)) {
                properties.load(in);
            } catch (IOException fault) {
                throw new UncheckedIOException("The demo's memory cannot be read: " + file, fault);
            }
        }
        var state = new DemoState(file, properties);
        state.agree("devices", devices.map(Object::toString), Fleets.USUAL.devices());
        state.agree("apps-per-device", appsPerDevice.map(Object::toString), Fleets.USUAL.appsPerDevice());
        state.agree("seed", seed.map(Object::toString), Fleets.USUAL.seed());
        state.write();
        return state;
    }

    Fleets fleets() {
        return new Fleets(
                Integer.parseInt(properties.getProperty("devices")),
                Integer.parseInt(properties.getProperty("apps-per-device")),
                Long.parseLong(properties.getProperty("seed")));
    }

    /** How many steps of the account's story were played. */
    int played(String account) {
        return Integer.parseInt(properties.getProperty("played." + account, "0"));
    }

    /** Remembers one more. */
    void aboutToPlay(String account) {
        properties.setProperty("played." + account, String.valueOf(played(account) + 1));
        write();
    }

    private void agree(String name, Optional<String> wanted, Object usual) {
        String remembered = properties.getProperty(name);
        if (remembered != null && wanted.isPresent() && !wanted.get().equals(remembered)) {
            throw new IllegalArgumentException("This data directory holds a demo with --" + name + " " + remembered
                    + ", not " + wanted.get() + ". Leave the option out to go on with it, choose another --data-dir, or"
                    + " delete " + file.getParent() + ".");
        }
        if (remembered == null) {
            properties.setProperty(name, wanted.orElse(usual.toString()));
        }
    }

    /** All of it or nothing: a file cut short would lose the fleets. */
    private void write() {
        Path next = file.resolveSibling(FILE + ".next");
        try {
            try (OutputStream out = Files.newOutputStream(next)) {
                properties.store(out, "What the demo's fleets are made of, and how many steps were played");
            }
            Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException fault) {
            throw new UncheckedIOException("The demo's memory cannot be written: " + file, fault);
        }
    }
}
