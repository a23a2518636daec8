package dev.longhaul.bench.chaos.cluster;

import java.time.Duration;
import java.util.concurrent.Callable;

/// Waits for a condition that nothing announces.
public final class Wait {

    private static final int INTERVAL_MILLIS = 50;

    private Wait() {
    }

    /// @param condition one that throws does not hold
    /// @return false: it did not hold within the time
    public static boolean until(Duration most, Callable<Boolean> condition) throws InterruptedException {
        var end = System.nanoTime() + most.toNanos();
        do {
            try {
                if (condition.call()) {
                    return true;
                }
            } catch (InterruptedException stopped) {
                throw stopped;
            } catch (Exception notYet) {
                // e.g. the database is still down
            }
            Thread.sleep(INTERVAL_MILLIS);
        } while (System.nanoTime() < end);
        return false;
    }
}
