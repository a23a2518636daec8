package dev.longhaul.workflow;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A node of a workflow, as it is now.
///
/// @param status    `waiting`, `running`, `completed`, `failed`, `cancelled`, `skipped` (something it needs did not
///     complete) or `not_triggered` (nothing failed)
/// @param isList    one operation for each element of a list
/// @param total     how many operations it is; null: that is not known yet
/// @param over      how many of them are over
/// @param bad       how many of those did not complete
/// @param operation null: it has none yet, or many, or none at all
/// @param error     why it failed
public record NodeView(String name, String status, String when, List<String> needs, String type, double progress,
        boolean isList, @Nullable Integer total, int over, int bad,
                       @Nullable UUID operation, @Nullable String error, @Nullable Instant settledAt) {

    boolean isBad() {
        return status.equals("failed") || status.equals("cancelled");
    }
}
