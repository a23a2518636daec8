package dev.longhaul.workflow;

import dev.longhaul.types.InvalidInput.Misfit;

/// A graph is invalid; names the location and the problem.
final class InvalidGraph extends RuntimeException {

    private final transient Misfit problem;

    /// @param location e.g. `nodes.report.needs.0`
    InvalidGraph(String location, String message) {
        this(new Misfit("/" + location.replace('.', '/'), message));
    }

    private InvalidGraph(Misfit problem) {
        super(problem.toString());
        this.problem = problem;
    }

    Misfit problem() {
        return problem;
    }
}
