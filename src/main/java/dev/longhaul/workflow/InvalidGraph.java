package dev.longhaul.workflow;

import dev.longhaul.types.InvalidInput.Misfit;

/// Something in a graph that cannot be, and where.
final class InvalidGraph extends RuntimeException {

    private final transient Misfit misfit;

    /// @param place e.g. `nodes.report.needs.0`
    InvalidGraph(String place, String message) {
        this(new Misfit("/" + place.replace('.', '/'), message));
    }

    private InvalidGraph(Misfit misfit) {
        super(misfit.toString());
        this.misfit = misfit;
    }

    Misfit misfit() {
        return misfit;
    }
}
