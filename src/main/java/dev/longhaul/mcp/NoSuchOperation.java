package dev.longhaul.mcp;

import dev.longhaul.operation.OperationId;

class NoSuchOperation extends RuntimeException {

    NoSuchOperation(OperationId id) {
        super("there is no operation " + id);
    }
}
