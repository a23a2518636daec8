package dev.longhaul.query;

import dev.longhaul.operation.Text;

/// By what a list is ordered. Only by what never changes: a page that follows another neither repeats nor skips what
/// was changed between them.
public enum ListOrder {

    NEWEST_FIRST("created_at desc"), OLDEST_FIRST("created_at asc");

    private final String words;

    ListOrder(String words) {
        this.words = words;
    }

    public String words() {
        return words;
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
