package dev.longhaul.engine;

import java.time.Duration;

/// The slots of this node. Guarded by the lock of the [WriteQueue].
final class Slots {

    private static final Duration GATHER = Duration.ofMillis(2);
    private static final int LARGE_CLAIM = 8;

    private final int all;
    private boolean isClaiming;
    private boolean isDraining;
    private int taken;
    private int claimed;   // by the last batch
    private int open;      // how many of them, give or take, have not ended

    Slots(int all) {
        this.all = all;
    }

    void setClaiming(boolean isClaiming) {
        this.isClaiming = isClaiming;
    }

    void setDraining(boolean isDraining) {
        this.isDraining = isDraining;
    }

    boolean isDraining() {
        return isDraining;
    }

    int free() {
        return isClaiming && !isDraining ? Math.max(0, all - taken) : 0;
    }

    void take(int claims) {
        taken += claims;
        claimed = claims;
        open = claims;
    }

    /// The batch claimed nothing, so the next one waits for no ends.
    void noClaims() {
        claimed = 0;
    }

    void ended() {
        open--;
    }

    void release() {
        taken--;
    }

    /// The runs of a large claim that do next to nothing end at nearly the same time: they share a batch.
    ///
    /// @return how many nanoseconds the next batch waits for them
    long gatherNanos(long sinceLastBatch) {
        return claimed >= LARGE_CLAIM && open > 0 ? Math.max(0, GATHER.toNanos() - sinceLastBatch) : 0;
    }
}
