package dev.longhaul.web;

import dev.longhaul.operation.OperationId;

/// No operation has this id: 404, or 410 if it has expired.
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
