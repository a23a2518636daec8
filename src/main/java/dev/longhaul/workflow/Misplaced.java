package dev.longhaul.workflow;

import dev.longhaul.task.InvalidInput.Misfit;

/// Something in a graph that cannot be, and where.
final class Misplaced extends RuntimeException {

    private final transient Misfit misfit;

    /// @param place e.g. `nodes.report.needs.0`
    Misplaced(String place, String message) {
        this(new Misfit("/" + place.replace('.', '/'), message));
    }

    private Misplaced(Misfit misfit) {
        super(misfit.toString());
        this.misfit = misfit;
    }

    Misfit misfit() {
        return misfit;
    }
}
