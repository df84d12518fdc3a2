package dev.kandjistream.posture.http;

import dev.kandjistream.posture.domain.Decision;
import dev.kandjistream.posture.domain.Posture;
import dev.kandjistream.posture.domain.Question;
import dev.kandjistream.posture.domain.SerialNumber;
import dev.kandjistream.posture.http.Problem.Kind;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * What can be asked.
 *
 * <pre>
 * token, scope, rate (Gate) ─► ready? ─► body (Body) ─► Question (QuestionReader) ─► DecisionSource ─► JSON (AnswerWriter)
 * </pre>
 *
 * Whoever fails on the way throws a {@link Refusal}.
 */
final class Api {
    private static final String OPENAPI = "openapi.yaml";
    private static final String RETRY_SECONDS = "2";

    private final Gate gate;
    private final DecisionSource source;
    private final Settings settings;
    private final Executor threads;
    private final byte[] openApi;

    /** @param threads that go on where a decision came from another one */
    Api(Gate gate, DecisionSource source, Settings settings, Executor threads) {
        this.gate = gate;
        this.source = source;
        this.settings = settings;
        this.threads = threads;
        this.openApi = openApi();
    }

    /**
     * One thing to ask.
     *
     * @param method GET or POST
     * @param path as Javalin and OpenAPI write it, names in braces
     */
    record Route(String method, String path, Handler handler) {}

    List<Route> routes() {
        return List.of(
                new Route("POST", "/v1/decisions", this::decide),
                new Route("POST", "/v1/decisions/batch", this::decideAll),
                new Route("GET", "/v1/devices/{serial}", this::look),
                new Route("GET", "/v1/openapi.yaml", this::describe));
    }

    private void decide(Context ctx) {
        Client client = gate.admit(ctx.req(), Scope.DECIDE);
        requireReady();
        ctx.future(() -> body(ctx)
                .thenApply(QuestionReader::question)
                .thenCompose(question -> decision(question, client))
                .thenApply(AnswerWriter::decision)
                .thenAccept(json -> answer(ctx, json)));
    }

    private void decideAll(Context ctx) {
        Client client = gate.admit(ctx.req(), Scope.DECIDE);
        requireReady();
        ctx.future(() -> body(ctx)
                .thenApply(body -> QuestionReader.questions(body, settings.maxBatch()))
                .thenCompose(questions -> decisions(questions, client))
                .thenApply(AnswerWriter::decisions)
                .thenAccept(json -> answer(ctx, json)));
    }

    private void look(Context ctx) {
        gate.admit(ctx.req(), Scope.READ);
        requireReady();
        Posture posture = SerialNumber.of(ctx.pathParam("serial"))
                .flatMap(source::look)
                .orElseThrow(() -> Problem.of(
                                Kind.UNKNOWN_DEVICE,
                                "expected a serial number that an account lists, found another one")
                        .refusal());
        answer(ctx, AnswerWriter.device(posture));
    }

    /** Past Javalin, which would copy it through a stream and 32 KiB of its own. */
    private static void answer(Context ctx, byte[] json) {
        try {
            ctx.contentType("application/json").res().setContentLength(json.length);
            ctx.res().getOutputStream().write(json);
        } catch (IOException gone) {
            throw new CompletionException(gone);
        }
    }

    private void describe(Context ctx) {
        ctx.contentType("application/yaml")
                .header("Cache-Control", "max-age=3600")
                .result(openApi);
    }

    private CompletableFuture<byte[]> body(Context ctx) {
        try {
            return Body.read(ctx.req(), settings.maxBodyBytes());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private CompletableFuture<Decision> decision(Question question, Client client) {
        return here(source.decide(question, client.name()).toCompletableFuture());
    }

    private CompletableFuture<List<Decision>> decisions(List<Question> questions, Client client) {
        gate.charge(client, questions.size() - 1);
        List<CompletableFuture<Decision>> all = questions.stream()
                .map(question -> source.decide(question, client.name()).toCompletableFuture())
                .toList();
        CompletableFuture<Void> last = CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
        return here(last)
                .thenApply(done -> all.stream().map(CompletableFuture::join).toList());
    }

    /** On this thread if it is there, else on one of ours once it is: those who answer for an API have no time to write. */
    private <T> CompletableFuture<T> here(CompletableFuture<T> future) {
        return future.isDone()
                ? future
                : future.whenCompleteAsync((value, failure) -> {}, threads)
                        .orTimeout(settings.patience().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void requireReady() {
        source.notReady().ifPresent(reason -> {
            throw Problem.of(Kind.NOT_READY, reason, "Retry-After", RETRY_SECONDS)
                    .refusal();
        });
    }

    private static byte[] openApi() {
        try (InputStream in = Api.class.getResourceAsStream(OPENAPI)) {
            return in.readAllBytes();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
