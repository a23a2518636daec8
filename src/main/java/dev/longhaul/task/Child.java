package dev.longhaul.task;

import dev.longhaul.operation.Failure;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Status;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A child of the operation, after its end.
///
/// @param output of a completed one
/// @param error  of a failed one
public record Child(OperationId id, String type, Status status, @Nullable JsonNode output, @Nullable Failure error) {

    public boolean isCompleted() {
        return status == Status.COMPLETED;
    }
}
