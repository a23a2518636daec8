package dev.longhaul.webhook;

import dev.longhaul.operation.Text;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a webhook can ask to be told of.
public enum WebhookEvent {

    SUBMITTED, STARTED, WAITING, RETRYING, COMPLETED, FAILED, CANCELLED;

    /// E.g. `operation.completed`.
    public String word() {
        return "operation." + name().toLowerCase(Locale.ROOT);
    }

    static List<WebhookEvent> parse(List<String> words) {
        return words.stream().distinct().map(WebhookEvent::parse).toList();
    }

    private static WebhookEvent parse(String word) {
        return Arrays.stream(values()).filter(event -> event.word().equals(word)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                "an event is one of " + Arrays.stream(values()).map(WebhookEvent::word)
                .collect(Collectors.joining(", ")) + ", not " + Text.quoted(word)));
    }

    /// What a row of the history means; empty: nothing that is told.
    ///
    /// @param from null: it was submitted
    static Optional<WebhookEvent> of(@Nullable String from, String to) {
        if (from == null) {
            return Optional.of(SUBMITTED);
        }
        return switch (to) {
            case "running" -> from.equals("pending") ? Optional.of(STARTED) : Optional.empty();
            case "waiting" -> from.equals("running") ? Optional.of(WAITING) : Optional.empty();
            case "pending" -> from.equals("running") ? Optional.of(RETRYING) : Optional.empty();
            case "completed", "failed", "cancelled" -> from.equals(to)
                    ? Optional.empty() : Optional.of(valueOf(to.toUpperCase(Locale.ROOT)));
            default -> Optional.empty();
        };
    }
}
