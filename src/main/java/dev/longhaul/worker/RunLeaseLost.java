package dev.longhaul.worker;

import dev.longhaul.operation.OperationId;
import dev.longhaul.web.Problem;
import dev.longhaul.web.ProblemKind;

/// The request names a run that is no longer the run of its operation: it is void.
class RunLeaseLost extends Problem {

    RunLeaseLost(OperationId id) {
        super(ProblemKind.RUN_LOST, "the run of operation " + id
                + " is over: it was taken back, timed out, cancelled by hand or has ended; stop working on it");
    }
}
