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
import java.util.List;
import java.util.Optional;
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
    private final FileWatch watch;
    private volatile TokenList list;
    private volatile boolean sound = true;

    private TokenFile(Path file, FileWatch watch, TokenList list) {
        this.file = file;
        this.watch = watch;
        this.list = list;
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
        var watch = new FileWatch("posture-tokens", List.of(file));
        TokenList list = read(file, faults);
        if (!faults.isEmpty()) {
            watch.close();
            throw new ConfigException(WHAT, faults.all());
        }
        var tokens = new TokenFile(file, watch, list);
        Gauge.builder("posture.tokens.sound", tokens, t -> t.sound ? 1 : 0)
                .description("1 where the tokens in use are those of the file as it is now")
                .register(registry);
        watch.follow(every, tokens::readAgain);
        return tokens;
    }

    @Override
    public Optional<Client> clientOf(String token) {
        return list.clientOf(token);
    }

    private void readAgain() {
        var faults = new Faults();
        TokenList changed = read(file, faults);
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

    /** @param faults where there are any afterwards, the list is not to be used */
    private static TokenList read(Path file, Faults faults) {
        String text = "";
        try {
            text = Files.readString(file);
        } catch (IOException unreadable) {
            String found = Files.exists(file) ? "one that cannot be read" : "no such file";
            faults.add(new Fault.Place(file.toString(), 0), "", "a file of YAML in UTF-8", found);
        }
        return TokenList.parse(text, file.toString(), faults);
    }

    /** Follows the file no longer. */
    @Override
    public void close() {
        watch.close();
    }
}
