package dev.longhaul.query;

import dev.longhaul.operation.Text;
import java.util.UUID;

/// Order of a list, by values that never change. Otherwise the next page would repeat or skip operations that changed
/// between two pages.
public enum ListOrder {

    NEWEST_FIRST("created_at desc"), OLDEST_FIRST("created_at asc");

    /// The first 48 bits of an id are its time in milliseconds.
    private static final long LAST_TIME = (1L << 48) - 1;

    private final String words;

    ListOrder(String words) {
        this.words = words;
    }

    public String words() {
        return words;
    }

    /// The last id that a list in this order has within `millis` milliseconds after `id`.
    UUID after(UUID id, long millis) {
        var time = id.getMostSignificantBits() >>> 16;
        return this == NEWEST_FIRST
                ? new UUID(Math.max(0, time - millis) << 16, 0)
                : new UUID(Math.min(LAST_TIME, time + millis) << 16 | 0xffff, -1);
    }

    /// @throws IllegalArgumentException if there is no such order
    public static ListOrder parse(String text) {
        return switch (text.strip().replaceAll("\\s+", " ")) {
            case "", "created_at desc" -> NEWEST_FIRST;
            case "created_at", "created_at asc" -> OLDEST_FIRST;
            default -> throw new IllegalArgumentException("order_by must be created_at desc or created_at asc, not "
                    + Text.quoted(text)
                    + ": a page of a list by anything that changes would skip or repeat");
        };
    }
}
