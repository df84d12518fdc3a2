package dev.kandjistream.posture.http;

import dev.kandjistream.config.ConfigException;
import dev.kandjistream.config.Fault;
import dev.kandjistream.config.Faults;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tokens as a YAML file lists them, by their SHA-256 only, followed as it changes:
 *
 * <pre>
 * tokens:
 *   - { name: sign-in, sha256: "64 hex digits", scopes: [decide, read] }
 * </pre>
 *
 * A file that is at fault, gone or half-written leaves the tokens that work in place, and {@code posture_tokens_sound} at 0.
 */
public final class TokenFile implements Tokens, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TokenFile.class);
    private static final String WHAT = "The list of tokens";

    private final Path file;
    private final ScheduledExecutorService looks;
    private volatile TokenList list;
    private volatile boolean sound = true;
    /** Null where it could not be read. */
    private String seen;
    /** What {@link #sound} was said of. */
    private String judged;

    private TokenFile(Path file, String text, TokenList list) {
        this.file = file;
        this.list = list;
        seen = text;
        judged = text;
        looks = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "posture-tokens");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Reads the file, and follows it from then on until closed.
     *
     * @throws ConfigException with all its faults
     */
    public static TokenFile open(Path file, MeterRegistry registry) {
        return open(file, registry, Duration.ofSeconds(1));
    }

    /** @param every time between two looks; a change is taken when two of them saw the same */
    static TokenFile open(Path file, MeterRegistry registry, Duration every) {
        var faults = new Faults();
        String text = read(file, faults);
        TokenList list = text == null ? null : TokenList.parse(text, file.toString(), faults);
        if (!faults.isEmpty()) {
            throw new ConfigException(WHAT, faults.all());
        }
        var tokens = new TokenFile(file, text, list);
        Gauge.builder("posture.tokens.sound", tokens, t -> t.sound ? 1 : 0)
                .description("1 where the tokens in use are those of the file as it is now")
                .register(registry);
        tokens.looks.scheduleWithFixedDelay(tokens::look, every.toNanos(), every.toNanos(), TimeUnit.NANOSECONDS);
        return tokens;
    }

    @Override
    public Optional<Client> clientOf(String token) {
        return list.clientOf(token);
    }

    /** The whole text is compared, not size and time: two edits within one tick of the file system are two edits. */
    private void look() {
        var faults = new Faults();
        String now = read(file, faults);
        boolean still = Objects.equals(now, seen);
        seen = now;
        // What has just changed may be half-written.
        if (still && !Objects.equals(now, judged)) {
            judged = now;
            take(now, faults);
        }
    }

    private void take(String text, Faults faults) {
        TokenList changed = text == null ? list : TokenList.parse(text, file.toString(), faults);
        sound = faults.isEmpty();
        if (sound) {
            list = changed;
            LOG.atInfo()
                    .addKeyValue("file", file)
                    .addKeyValue("tokens", changed.size())
                    .log("The changed list of tokens is in use");
        } else {
            LOG.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue(
                            "faults", faults.all().stream().map(Fault::toString).collect(Collectors.joining(" | ")))
                    .log("The changed list of tokens is at fault; the tokens before are in use");
        }
    }

    private static String read(Path file, Faults faults) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            String found = Files.exists(file) ? "one that cannot be read" : "no such file";
            faults.add(new Fault.Place(file.toString(), 0), "", "a file of YAML in UTF-8", found);
            return null;
        }
    }

    /** Follows the file no longer. */
    @Override
    public void close() {
        looks.shutdownNow();
    }
}
