package dev.longhaul.mcp;

import dev.longhaul.operation.OperationId;

/// A tool was asked about an operation that there is not.
class NoSuchOperation extends RuntimeException {

    NoSuchOperation(OperationId id) {
        super("there is no operation " + id);
    }
}
