package dev.longhaul.bench;

import java.util.Locale;

/// A figure and the most it may be.
public record Target(String name, double value, double most, String unit) {

    boolean isMet() {
        return value <= most;
    }

    @Override
    public String toString() {
        return "TARGET %s %s <=%s %s".formatted(name, figure(value), figure(most), isMet() ? "PASS" : "FAIL");
    }

    private String figure(double figure) {
        return String.format(Locale.ROOT, figure == Math.rint(figure) || figure >= 1000 ? "%.0f%s" : "%.2f%s", figure, unit);
    }
}
