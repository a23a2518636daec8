package dev.longhaul.bench;

import java.util.Arrays;
import java.util.Locale;

/// Durations in microseconds, as many as there are.
public final class Latencies {

    private long[] micros = new long[1024];
    private int count;

    public synchronized void add(long latency) {
        if (count == micros.length) {
            micros = Arrays.copyOf(micros, count * 2);
        }
        micros[count++] = latency;
    }

    public synchronized int count() {
        return count;
    }

    /// @param percentile e.g. 99; 100 is the longest
    /// @return milliseconds
    public synchronized double at(double percentile) {
        if (count == 0) {
            return Double.NaN;
        }
        var sorted = Arrays.copyOf(micros, count);
        Arrays.sort(sorted);
        return sorted[Math.clamp((int) Math.ceil(percentile / 100 * count) - 1, 0, count - 1)] / 1000.0;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "p50 %.1f ms, p90 %.1f, p99 %.1f, max %.1f (n = %d)", at(50), at(90), at(99),
                at(100), count());
    }
}
