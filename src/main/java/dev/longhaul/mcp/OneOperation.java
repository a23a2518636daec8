package dev.longhaul.mcp;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.operation.OperationId;

/// The arguments of a tool that is about one operation.
record OneOperation(@JsonPropertyDescription("The operation_id that start_long_task returned") String operationId) {

    OperationId id() {
        return OperationId.parse(operationId);
    }
}
