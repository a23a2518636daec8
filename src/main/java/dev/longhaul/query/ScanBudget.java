package dev.longhaul.query;

/// How far to look next, where no index says where the next match is.
final class ScanBudget {

    private static final int GROWTH = 4;
    private static final int MOST = 1_000_000_000;

    private ScanBudget() {
    }

    /// As far as the time that is left allows at the pace until now, but not more than four times all that was passed;
    /// 0: what it allows is not worth another look.
    ///
    /// @param passed   how far it has looked in all, in whatever unit; the answer is in the same
    /// @param looked   how many nanoseconds that took
    /// @param patience how many it may take in all
    static long next(long passed, long looked, long patience) {
        var times = 1.0 * (patience - looked) / looked;
        return times * GROWTH < 1 ? 0 : Math.min(MOST, (long) (passed * Math.min(GROWTH, times)));
    }
}
