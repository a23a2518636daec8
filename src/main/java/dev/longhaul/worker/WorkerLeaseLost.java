package dev.longhaul.worker;

import dev.longhaul.web.Problem;
import dev.longhaul.web.ProblemKind;
import java.util.UUID;

/// The request names a worker that does not exist, or no longer.
class WorkerLeaseLost extends Problem {

    WorkerLeaseLost(UUID id) {
        super(ProblemKind.WORKER_LOST, "worker " + id
                + " does not exist, or it left, or its lease expired: register again");
    }
}
