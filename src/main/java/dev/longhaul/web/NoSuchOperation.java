package dev.longhaul.web;

import dev.longhaul.operation.OperationId;

/// Something was asked of an operation that there is not; answered 404.
public class NoSuchOperation extends Problem {

    public NoSuchOperation(OperationId id) {
        super(ProblemKind.NO_SUCH_OPERATION, "there is no operation " + id);
    }
}
