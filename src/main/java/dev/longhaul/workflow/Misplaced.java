package dev.longhaul.workflow;

/// Something in a graph that cannot be, and where.
final class Misplaced extends RuntimeException {

    /// @param place e.g. `nodes.report.needs.0`
    Misplaced(String place, String message) {
        super(place + ": " + message);
    }
}
