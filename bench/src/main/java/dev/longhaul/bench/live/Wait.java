package dev.longhaul.bench.live;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/// Waits for what a bench cannot go on without.
final class Wait {

    private Wait() {
    }

    static void until(String what, Duration patience, BooleanSupplier reached) throws InterruptedException {
        if (!within(patience, reached)) {
            throw new IllegalStateException("not within " + patience.toSeconds() + " s: " + what);
        }
    }

    static boolean within(Duration patience, BooleanSupplier reached) throws InterruptedException {
        var until = System.nanoTime() + patience.toNanos();
        while (!reached.getAsBoolean()) {
            if (System.nanoTime() > until) {
                return false;
            }
            Thread.sleep(1);
        }
        return true;
    }
}
