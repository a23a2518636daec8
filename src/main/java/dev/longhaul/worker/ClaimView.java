package dev.longhaul.worker;

import dev.longhaul.store.RunStore.Claim;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// A claimed operation, as its worker gets it.
///
/// @param runId          the token of the run: every update of the run names it
/// @param steps          what earlier attempts finished, with the results
/// @param timeoutSeconds run time allowed to this attempt; null: no limit
/// @param command        `cancel` or `pause` if it was requested already; null: none
@JsonNaming(SnakeCaseStrategy.class)
record ClaimView(String operationId, UUID runId, String type, String queue, int attempt, int maxAttempts,
        JsonNode input, Map<String, JsonNode> steps, double progress, @Nullable String message,
        @Nullable String command, @Nullable Double timeoutSeconds, @Nullable Instant deadline,
        @Nullable String parentId, List<String> tags, JsonNode metadata, @Nullable String traceParent) {

    /// @param input decrypted
    static ClaimView of(Claim claim, JsonNode input, Map<String, JsonNode> steps) {
        var operation = claim.operation();
        var limits = operation.limits();
        return new ClaimView(operation.id().toString(), claim.runId(), operation.type(), operation.queue(),
                operation.attempt(), limits.maxAttempts(), input, steps, operation.progress().percent(),
                operation.progress().message(),
                operation.cancelRequestedAt() != null ? "cancel" : operation.paused() ? "pause" : null,
                limits.timeout() == null ? null : limits.timeout().toMillis() / 1e3, limits.deadline(),
                operation.parentId() == null ? null : operation.parentId().toString(),
                operation.labels().tags(), operation.labels().metadata(), operation.traceParent());
    }
}
