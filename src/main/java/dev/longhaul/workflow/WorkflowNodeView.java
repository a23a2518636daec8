package dev.longhaul.workflow;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// A node of a workflow at the time of reading.
///
/// @param status      `waiting`, `running`, `completed`, `failed`, `cancelled`, `skipped` (a needed node did not
///     complete) or `not_triggered` (it has `when: failure`, and nothing failed)
/// @param isList      one operation per element of a list
/// @param total       number of its operations; null: not known yet
/// @param finished    number of finished operations
/// @param failed      number of finished operations that did not complete
/// @param operationId null: none yet, several, or none at all
/// @param error       null: it did not fail
/// @param finishedAt  null: not finished
@JsonNaming(SnakeCaseStrategy.class)
public record WorkflowNodeView(String name, String status, String when, List<String> needs, String type,
        double progress, @JsonIgnore boolean isList, @Nullable Integer total, int finished, int failed,
        @Nullable UUID operationId, @Nullable String error, @Nullable Instant finishedAt) {

    boolean hasFailed() {
        return status.equals("failed") || status.equals("cancelled");
    }
}
