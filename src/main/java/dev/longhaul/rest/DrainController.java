package dev.longhaul.rest;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import dev.longhaul.query.WorkerList.Worker;
import dev.longhaul.query.WorkerList;
import dev.longhaul.store.DrainStore;
import dev.longhaul.web.Endpoint;
import dev.longhaul.web.JsonBody;
import dev.longhaul.web.Problem;
import dev.longhaul.web.ProblemKind;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/// Drains a node or a remote worker, and ends the drain.
@RestController
class DrainController {

    private final WorkerList workers;
    private final DrainStore store;

    DrainController(WorkerList workers, DrainStore store) {
        this.workers = workers;
        this.store = store;
    }

    @Endpoint(value = "Drain a worker", problems = {ProblemKind.NO_SUCH_WORKER, ProblemKind.STATE_CONFLICT},
            description = """
            A node or a remote worker claims no more operations; its running operations continue to their end. It is
            drained when its `running` is 0. A remote worker reads `draining` in the responses to its requests.
            Repeating it changes nothing. It lasts until `:resume` or until the worker restarts. 409 if the worker is
            not alive.""")
    @PostMapping("/api/v1/workers/{id}:drain")
    Worker drainWorker(@PathVariable String id, @JsonBody(optional = true) ReasonRequest request, Caller caller) {
        var worker = find(id);
        if (!worker.status().equals("alive") || worker.kind().equals("tracker")) {
            throw new Problem(ProblemKind.STATE_CONFLICT, "worker " + id + " cannot be drained: it is "
                    + (worker.kind().equals("tracker") ? "a tracker, which claims nothing" : worker.status()));
        }
        store.drain(OperationId.parse(id).value(), request.reason(), caller);
        return find(id);
    }

    @Endpoint(value = "Resume a drained worker", problems = ProblemKind.NO_SUCH_WORKER,
            description = "A worker that is not drained stays as it is.")
    @PostMapping("/api/v1/workers/{id}:resume")
    Worker resumeWorker(@PathVariable String id) {
        find(id);
        store.resume(OperationId.parse(id).value());
        return find(id);
    }

    private Worker find(String id) {
        return workers.find(OperationId.parse(id).value())
                .orElseThrow(() -> new Problem(ProblemKind.NO_SUCH_WORKER, "there is no worker " + id));
    }
}
