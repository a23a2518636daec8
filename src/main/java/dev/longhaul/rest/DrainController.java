package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import dev.longhaul.query.WorkerList;
import dev.longhaul.query.WorkerList.Worker;
import dev.longhaul.store.DrainStore;
import dev.longhaul.web.Endpoint;
import dev.longhaul.web.JsonBody;
import dev.longhaul.web.Problem;
import dev.longhaul.web.ProblemKind;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/// Lets a node or a remote worker run empty, and go on.
@RestController
class DrainController {

    private final WorkerList workers;
    private final DrainStore store;

    DrainController(WorkerList workers, DrainStore store) {
        this.workers = workers;
        this.store = store;
    }

    record Why(@JsonPropertyDescription("Why, for those who look at it") @Size(max = 500) @Nullable String reason) {}

    @Endpoint(value = "Lets a worker run empty", problems = {ProblemKind.NO_SUCH_WORKER, ProblemKind.STATE_CONFLICT}, description = """
            From now on it claims nothing; what it runs goes on to its end. It is empty when its `running` is 0. A node, or a remote worker, which is told by `draining` in the answers
            to its claims, turns and heartbeats. Repeating it changes nothing. It holds until `:resume`, or until the worker starts anew; 409 if it is not alive.""")
    @PostMapping("/api/v1/workers/{id}:drain")
    Worker drain(@PathVariable String id, @JsonBody(optional = true) Why why, Caller caller) {
        var worker = find(id);
        if (!worker.status().equals("alive") || worker.kind().equals("tracker")) {
            throw new Problem(ProblemKind.STATE_CONFLICT, "worker " + id + " cannot be drained: it is "
                    + (worker.kind().equals("tracker") ? "nobody who claims" : worker.status()));
        }
        store.drain(OperationId.parse(id).value(), why.reason, caller);
        return find(id);
    }

    @Endpoint(value = "Lets a worker claim again", problems = ProblemKind.NO_SUCH_WORKER,
            description = "One that does not drain stays as it is.")
    @PostMapping("/api/v1/workers/{id}:resume")
    Worker resume(@PathVariable String id) {
        find(id);
        store.resume(OperationId.parse(id).value());
        return find(id);
    }

    private Worker find(String id) {
        return workers.find(OperationId.parse(id).value())
                .orElseThrow(() -> new Problem(ProblemKind.NO_SUCH_WORKER, "there is no worker " + id));
    }
}
