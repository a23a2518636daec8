package dev.longhaul.worker;

import dev.longhaul.web.Problem;
import dev.longhaul.web.ProblemKind;
import java.util.UUID;

/// A worker speaks that there is not, or not any more.
class WorkerLeaseLost extends Problem {

    WorkerLeaseLost(UUID id) {
        super(ProblemKind.WORKER_LOST, "there is no worker " + id
                + ", or it left, or nothing was heard of it for longer than its lease: register again");
    }
}
