package dev.longhaul.web;

import dev.longhaul.operation.OperationId;

/// Something was asked of an operation that there is not; answered 404, or 410 if its day has left.
public class OperationNotFound extends Problem {

    private final transient OperationId id;

    public OperationNotFound(OperationId id) {
        super(ProblemKind.NO_SUCH_OPERATION, "there is no operation " + id);
        this.id = id;
    }

    OperationId id() {
        return id;
    }
}
