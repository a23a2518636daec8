package dev.longhaul.operation;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// How many operations that bear the same key may run at once, on all nodes together, and how many of them may begin
/// within a time.
///
/// @param key      what they have in common, e.g. `customer:42`
/// @param limit    at most so many at once, 1 or more
/// @param rate     at most so many starts within a time; null: as many as the limit lets through
/// @param ifActive what becomes of a new one while another with its key is not over
public record Concurrency(String key, int limit, @Nullable Rate rate, IfActive ifActive) {

    /// @param starts at most so many, 1 or more
    /// @param per    within any time of this length, a day at most, e.g. 1m
    public record Rate(int starts, Duration per) {

        private static final Duration LONGEST = Duration.ofDays(1);

        public Rate {
            if (starts < 1) {
                throw new IllegalArgumentException("the starts of a rate must be at least 1, not " + starts);
            }
            if (!per.isPositive() || per.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("a rate must be per something between 0 and " + LONGEST + ", not "
                        + per);
            }
        }
    }

    /// It waits in line for its turn; it is not made, and the active one stands for it; or the active ones are
    /// cancelled for it.
    public enum IfActive {
        QUEUE, SKIP, REPLACE;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static IfActive parse(String word) {
            return Arrays.stream(values()).filter(one -> one.word().equals(word)).findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("if_active must be "
                    + Arrays.stream(values()).map(IfActive::word).collect(Collectors.joining(", ")) + ", not "
                    + Text.quoted(word)));
        }
    }

    public Concurrency {
        Text.storable("concurrency_key", key, 200);
        if (key.isBlank()) {
            throw new IllegalArgumentException("concurrency_key must not be blank");
        }
        if (limit < 1) {
            throw new IllegalArgumentException("concurrency_limit must be at least 1, not " + limit);
        }
    }

    /// At most `limit` of this key at once; the others wait in line.
    public static Concurrency of(String key, int limit) {
        return new Concurrency(key, limit, null, IfActive.QUEUE);
    }
}
