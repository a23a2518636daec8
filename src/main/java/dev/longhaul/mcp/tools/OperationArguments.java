package dev.longhaul.mcp.tools;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.operation.OperationId;

/// The arguments of a tool for one operation.
record OperationArguments(@JsonPropertyDescription("The operation_id that a call returned") String operationId) {

    OperationId id() {
        return OperationId.parse(operationId);
    }
}
