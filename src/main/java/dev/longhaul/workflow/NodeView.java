package dev.longhaul.workflow;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A node of a workflow at the time of reading.
///
/// @param status     `waiting`, `running`, `completed`, `failed`, `cancelled`, `skipped` (a needed node did not
///     complete) or `unneeded` (its `when: failure` was not triggered)
/// @param isList     one operation per element of a list
/// @param total      number of its operations; null: not known yet
/// @param finished   number of finished operations
/// @param failed     number of finished operations that did not complete
/// @param operation  null: none yet, several, or none at all
/// @param error      why it failed; null: it did not
/// @param finishedAt null: not finished
public record NodeView(String name, String status, String when, List<String> needs, String type, double progress,
        boolean isList, @Nullable Integer total, int finished, int failed, @Nullable UUID operation,
        @Nullable String error, @Nullable Instant finishedAt) {

    boolean hasFailed() {
        return status.equals("failed") || status.equals("cancelled");
    }
}
