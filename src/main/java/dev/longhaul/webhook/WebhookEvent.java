package dev.longhaul.webhook;

import dev.longhaul.operation.LowerCaseEnum;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

public enum WebhookEvent implements LowerCaseEnum {

    SUBMITTED, STARTED, WAITING, RETRYING, COMPLETED, FAILED, CANCELLED;

    /// E.g. `operation.completed`.
    @Override
    public String word() {
        return "operation." + name().toLowerCase(Locale.ROOT);
    }

    static List<WebhookEvent> parse(List<String> words) {
        return words.stream().distinct().map(WebhookEvent::parse).toList();
    }

    private static WebhookEvent parse(String word) {
        return LowerCaseEnum.parse("events", word, WebhookEvent.class);
    }

    /// The event of a history entry. Empty: none.
    ///
    /// @param from null: submission
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
