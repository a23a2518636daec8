package dev.longhaul.schedule;

import dev.longhaul.operation.Text;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// What becomes of moments that passed while no node was at work.
public enum CatchUpPolicy {

    /// They are missed.
    SKIP,
    /// The last of them is made up for, late; those before it are missed.
    LATEST,
    /// All of them are made up for.
    ALL;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static CatchUpPolicy parse(String word) {
        return Arrays.stream(values()).filter(one -> one.word().equals(word)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("catch_up must be "
                + Arrays.stream(values()).map(CatchUpPolicy::word).collect(Collectors.joining(", ")) + ", not "
                + Text.quoted(word)));
    }
}
