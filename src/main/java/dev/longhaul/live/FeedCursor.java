package dev.longhaul.live;

import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Text;
import java.util.Comparator;
import java.util.UUID;
import java.util.regex.Pattern;

/// A position in the change feed: ordered by transaction, operation and history entry. Opaque to clients, which send it
/// back as `Last-Event-ID`.
public record FeedCursor(long txid, UUID operation, int seq) implements Comparable<FeedCursor> {

    /// The highest UUID.
    static final UUID LAST = new UUID(-1, -1);
    private static final Pattern FORM = Pattern.compile("(\\d{1,18})\\.([0-9a-f-]{36})\\.(\\d{1,10})");
    private static final Comparator<FeedCursor> ORDER = Comparator.comparingLong(FeedCursor::txid)
            .thenComparing(cursor -> cursor.operation.toString()).thenComparingInt(FeedCursor::seq);

    /// @throws IllegalArgumentException if `text` is no cursor
    public static FeedCursor parse(String text) {
        var form = FORM.matcher(text);
        if (!form.matches() || Long.parseLong(form.group(3)) > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("expected the id of an event of this stream, not " + Text.quoted(text));
        }
        return new FeedCursor(Long.parseLong(form.group(1)), OperationId.parse(form.group(2)).value(),
                Integer.parseInt(form.group(3)));
    }

    /// UUIDs are compared as PostgreSQL does, unsigned; `UUID.compareTo` is signed.
    @Override
    public int compareTo(FeedCursor other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return txid + "." + operation + "." + seq;
    }
}
