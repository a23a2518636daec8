package dev.longhaul.schedule;

import dev.longhaul.operation.Text;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// What becomes of a moment while an earlier operation of the schedule is not over.
public enum OverlapPolicy {

    /// Nothing is started.
    SKIP,
    /// It is started when the earlier ones are over.
    QUEUE,
    /// The earlier ones are cancelled for it.
    CANCEL_OLDER,
    /// It is started beside them.
    ALLOW;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static OverlapPolicy parse(String word) {
        return Arrays.stream(values()).filter(one -> one.word().equals(word)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("overlap must be "
                + Arrays.stream(values()).map(OverlapPolicy::word).collect(Collectors.joining(", ")) + ", not "
                + Text.quoted(word)));
    }
}
