package dev.longhaul.builtin;

import java.util.Locale;

/// Numbers for people, the same in every locale.
final class HumanFormat {

    private HumanFormat() {
    }

    /// @return e.g. `1,000,000`
    static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /// @return e.g. `38.1 MB`; a kB is 1,000 bytes
    static String bytes(long bytes) {
        return bytes < 1_000 ? bytes + " bytes"
                : bytes < 1_000_000 ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
                : bytes < 1_000_000_000 ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
                : String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
    }

    /// @param since value of System.nanoTime()
    /// @return e.g. `51,000`
    static String perSecond(long count, long since) {
        return count(Math.round(count / Math.max((System.nanoTime() - since) / 1e9, 0.001)));
    }

    /// @return e.g. `1 time`, `3 times`
    static String times(int count) {
        return count + (count == 1 ? " time" : " times");
    }
}
