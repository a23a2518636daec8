package dev.longhaul.bench;

import java.util.Locale;

/// A figure and what it may be at most, or must be at least.
public record Target(String name, double value, double goal, boolean isCeiling, String unit) {

    boolean isMet() {
        return isCeiling ? value <= goal : value >= goal;
    }

    @Override
    public String toString() {
        return "TARGET %s %s %s%s %s".formatted(name, figure(value), isCeiling ? "<=" : ">=", figure(goal), isMet()
                ? "PASS" : "FAIL");
    }

    private String figure(double figure) {
        return String.format(Locale.ROOT, figure == Math.rint(figure) || figure >= 1000 ? "%.0f%s" : "%.2f%s",
                figure, unit);
    }
}
