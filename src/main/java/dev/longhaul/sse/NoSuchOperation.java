package dev.longhaul.sse;

import dev.longhaul.operation.OperationId;

/// A stream or snapshot was asked for of an operation that there is not; answered 404.
class NoSuchOperation extends RuntimeException {

    NoSuchOperation(OperationId id) {
        super("there is no operation " + id);
    }
}
