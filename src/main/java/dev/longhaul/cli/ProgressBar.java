package dev.longhaul.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// An operation as a line of a given width.
final class ProgressBar {

    private static final int NARROW = 90;

    private ProgressBar() {
    }

    static AttributedString of(JsonNode operation, int width, boolean color) {
        return of(DisplayFormat.line(operation.path("type")), operation, width, color);
    }

    static AttributedString of(String label, JsonNode operation, int width, boolean color) {
        var state = OperationsCommand.status(operation);
        var paint = color ? Colors.of(state) : Colors.PLAIN;
        var id = operation.path("operation_id").asString("");
        var narrow = width < NARROW;
        var head = "%-16s  %-9s  ".formatted(DisplayFormat.cut(label, 16), shortened(id));
        var percent = " %5s".formatted(DisplayFormat.percent(operation.path("progress")));
        var tail = tail(operation, state, narrow);
        var line = new AttributedStringBuilder();
        line.append(head);
        line.appendAnsi(paint.on(bar(operation.path("progress").asDouble(0), narrow ? 10 : 20)));
        line.append(percent).append("  ");
        var room = width - line.columnLength() - tail.length() - (tail.isEmpty() ? 0 : 2);
        var message = new AttributedString(message(operation, state, id));
        if (room > 0) {
            var shown = message.columnSubSequence(0, room);
            line.append(shown);
            line.append(" ".repeat(Math.max(0, room - shown.columnLength()) + (tail.isEmpty() ? 0 : 2)));
            line.appendAnsi(color ? Colors.DIM.on(tail) : tail);
        }
        return line.toAttributedString().columnSubSequence(0, width);
    }

    static String shortened(String id) {
        return id.length() < 9 ? id : id.substring(0, 4) + "…" + id.substring(id.length() - 4);
    }

    static String bar(double percent, int cells) {
        var full = (int) Math.floor(Math.clamp(percent, 0, 100) / 100 * cells);
        return "█".repeat(full) + "░".repeat(cells - full);
    }

    private static String message(JsonNode operation, String state, String id) {
        if (operation.path("waits_for").asString("").equals("answer")) {
            return "asks you: longhaul input " + id;
        }
        var message = OperationsCommand.message(operation);
        return state.equals("running") ? message : message.isEmpty() || state.equals("completed")
                && !operation.has("has_failures")
                ? state : state + ": " + message;
    }

    private static String tail(JsonNode operation, String state, boolean narrow) {
        var parts = new ArrayList<String>();
        if (state.equals("running")) {
            var left = remaining(operation);
            parts.add(left == null ? DisplayFormat.span(operation.path("elapsed_seconds")) : "ETA "
                    + DisplayFormat.span(left));
        } else if (operation.hasNonNull("finished_at") && operation.path("elapsed_seconds").isNumber()) {
            parts.add("took " + DisplayFormat.span(operation.path("elapsed_seconds")));
        }
        if (!narrow && operation.path("attempt").asInt(0) > 1) {
            parts.add("attempt " + operation.path("attempt").asInt() + "/" + operation.path("max_attempts").asInt());
        }
        return String.join("  ", parts);
    }

    /// The service's estimate, less the time since then. Without one: extrapolated from the progress.
    private static @Nullable Duration remaining(JsonNode operation) {
        var progress = operation.path("progress").asDouble(0);
        var elapsed = operation.path("elapsed_seconds").asDouble(0);
        var estimate = operation.path("estimated_remaining");
        if (!estimate.isNumber() && (progress <= 0 || elapsed <= 0)) {
            return null;
        }
        var seconds = estimate.isNumber() ? estimate.asDouble() : elapsed * (100 - progress) / progress;
        var since = Duration.between(Instant.parse(operation.path("updated_at").asString("1970-01-01T00:00:00Z")),
                Instant.now());
        return Duration.ofMillis((long) (seconds * 1000)).minus(since.isNegative() || since.toMinutes() > 1
                ? Duration.ZERO : since);
    }
}
