package dev.longhaul.bench.chaos.judge;

import java.util.List;

/// @param cases how often the promise could have been broken; 0: nothing is known
public record Verdict(String promise, long cases, List<String> violations) {

    private static final int SHOWN = 5;

    public boolean isViolated() {
        return !violations.isEmpty();
    }

    public String word() {
        return isViolated() ? "violated" : cases == 0 ? "unknown" : "ok";
    }

    @Override
    public String toString() {
        var text = new StringBuilder("%-8s  %s (%,d cases)".formatted(word(), promise, cases));
        violations.stream().limit(SHOWN).forEach(violation -> text.append("\n            ").append(violation));
        if (violations.size() > SHOWN) {
            text.append("\n            and %,d more".formatted(violations.size() - SHOWN));
        }
        return text.toString();
    }
}
