package dev.longhaul.sse;

import dev.longhaul.operation.Text;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The version that a client has, by `Last-Event-ID`. In a stream with log lines a dot and the number of the last line
/// follow.
final class LastEventId {

    private static final Pattern VERSION = Pattern.compile("(0|[1-9][0-9]{0,17})(?:\\.(0|[1-9][0-9]{0,8}))?");

    private LastEventId() {
    }

    /// @param newest the operation's version, which no id exceeds
    /// @return empty for a new client: no header, or an empty one
    /// @throws IllegalArgumentException if it is no id of this operation's stream
    static OptionalLong parse(@Nullable String header, long newest) {
        if (header == null || header.isEmpty()) {
            return OptionalLong.empty();
        }
        var id = VERSION.matcher(header);
        if (!id.matches() || Long.parseLong(id.group(1)) > newest) {
            throw new IllegalArgumentException("Last-Event-ID must be an event id of this stream, a number from 0 to "
                    + newest + ", not " + Text.quoted(header));
        }
        return OptionalLong.of(Long.parseLong(id.group(1)));
    }

    /// Number of the last log line that the client has; 0: none.
    static int line(@Nullable String header) {
        var id = VERSION.matcher(header == null ? "" : header);
        return id.matches() && id.group(2) != null ? Integer.parseInt(id.group(2)) : 0;
    }
}
