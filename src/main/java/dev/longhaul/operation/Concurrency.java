package dev.longhaul.operation;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Limits how many operations with the same key run at once and start per period, on all nodes together.
///
/// @param key      1 to 200 characters, e.g. `customer:42`
/// @param limit    running operations, 1 or more
/// @param rate     limit of starts per period; null: no limit
/// @param ifActive treatment of a submission while another operation with the key is unfinished
public record Concurrency(String key, int limit, @Nullable Rate rate, IfActive ifActive) {

    /// @param starts operations started per period, 1 or more
    /// @param per    length of the sliding period, 1ms to 1d, e.g. 1m
    public record Rate(int starts, Duration per) {

        private static final Duration MIN_PERIOD = Duration.ofMillis(1);
        private static final Duration MAX_PERIOD = Duration.ofDays(1);

        public Rate {
            if (starts < 1) {
                throw new IllegalArgumentException("rate.starts must be at least 1, not " + starts);
            }
            if (per.compareTo(MIN_PERIOD) < 0 || per.compareTo(MAX_PERIOD) > 0) {
                throw new InvalidMember("/concurrency/rate/per", "rate.per must be between 1ms and 1d, not "
                        + per);
            }
        }
    }

    /// `QUEUE` waits for a slot. `SKIP` returns the active operation. `REPLACE` cancels the active operations.
    public enum IfActive implements LowerCaseEnum {
        QUEUE, SKIP, REPLACE;

        public static IfActive parse(String word) {
            return LowerCaseEnum.parse("if_active", word, IfActive.class);
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

    /// The others wait for a slot.
    public static Concurrency of(String key, int limit) {
        return new Concurrency(key, limit, null, IfActive.QUEUE);
    }
}
