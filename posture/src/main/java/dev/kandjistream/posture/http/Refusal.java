package dev.kandjistream.posture.http;

/** A request ends with a problem. Where it was noticed is of no interest, so there is no stack trace. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    Refusal(Problem problem) {
        super(problem.kind().word(), null, false, false);
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }
}
