package dev.longhaul.sse;

import dev.longhaul.operation.Text;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The version a client has, as it says in `Last-Event-ID`; of a stream that has log lines, too, a dot and the number
/// of the last one follow.
final class LastEventId {

    private static final Pattern VERSION = Pattern.compile("(0|[1-9][0-9]{0,17})(?:\\.(0|[1-9][0-9]{0,8}))?");

    private LastEventId() {
    }

    /// @param newest the operation's version: no client can have more
    /// @return empty if the client has nothing yet: no header, or an empty one
    /// @throws IllegalArgumentException if this is no id of this operation's stream
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

    /// The log line that it has; 0: none.
    static int line(@Nullable String header) {
        var id = VERSION.matcher(header == null ? "" : header);
        return id.matches() && id.group(2) != null ? Integer.parseInt(id.group(2)) : 0;
    }
}
