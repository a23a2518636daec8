package dev.longhaul.store;

import dev.longhaul.operation.RetryPolicy;
import dev.longhaul.operation.Text;
import dev.longhaul.operation.TimeSpan;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Retry policies as JSON: `{"kind": "exponential", "first": "PT1S", "factor": 2, "longest": "PT10M"}`, `{"kind":
/// "fixed", "delay": "PT30S"}`, `{"kind": "list", "delays": ["PT1S", "PT5S", "PT1M"]}`.
public final class RetryPolicies {

    private RetryPolicies() {
    }

    /// @throws IllegalArgumentException if the JSON is no policy
    public static @Nullable RetryPolicy read(@Nullable JsonNode json) {
        if (json == null || json.isNull()) {
            return null;
        }
        var kind = json.path("kind").asString("");
        return switch (kind) {
            case "exponential" -> new RetryPolicy.Exponential(duration("first", json.path("first")),
                    json.path("factor").asDouble(2), duration("longest", json.path("longest")));
            case "fixed" -> new RetryPolicy.Fixed(duration("delay", json.path("delay")));
            case "list" -> new RetryPolicy.Listed(json.path("delays").valueStream()
                    .map(delay -> duration("delays", delay)).toList());
            default -> throw new IllegalArgumentException("the kind of a retry policy must be exponential, fixed or "
                    + "list, not " + Text.quoted(kind));
        };
    }

    private static Duration duration(String what, JsonNode json) {
        try {
            return TimeSpan.parse(json.asString(""));
        } catch (IllegalArgumentException unreadable) {
            throw new IllegalArgumentException(what + " must be a duration such as 30s or PT30S, not "
                    + Text.quoted(json.toString()));
        }
    }

    public static @Nullable JsonNode write(@Nullable RetryPolicy policy) {
        var json = JsonNodeFactory.instance.objectNode();
        switch (policy) {
            case null -> {
                return null;
            }
            case RetryPolicy.Exponential(var first, var factor, var longest) ->
                    json.put("kind", "exponential").put("first", first.toString()).put("factor", factor)
                            .put("longest", longest.toString());
            case RetryPolicy.Fixed(var delay) -> json.put("kind", "fixed").put("delay", delay.toString());
            case RetryPolicy.Listed(var delays) -> {
                var list = json.put("kind", "list").putArray("delays");
                delays.forEach(delay -> list.add(delay.toString()));
            }
        }
        return json;
    }
}
