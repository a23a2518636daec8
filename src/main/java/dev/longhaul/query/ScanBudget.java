package dev.longhaul.query;

/// Computes the next step of a scan within its time budget, where no index finds the next match.
final class ScanBudget {

    private static final int GROWTH = 4;
    /// Ten years in milliseconds.
    private static final long MOST = 315_360_000_000L;

    private ScanBudget() {
    }

    /// The distance that the rest of the budget allows at the rate so far, at most four times the distance so far. 0:
    /// the rest of the budget is too short for another window.
    ///
    /// @param scanned distance so far, e.g. milliseconds of submission time; the result has the same unit
    /// @param elapsed nanoseconds spent so far
    /// @param budget  nanoseconds in all
    static long next(long scanned, long elapsed, long budget) {
        var times = 1.0 * (budget - elapsed) / elapsed;
        return times * GROWTH < 1 ? 0 : Math.min(MOST, (long) (scanned * Math.min(GROWTH, times)));
    }
}
