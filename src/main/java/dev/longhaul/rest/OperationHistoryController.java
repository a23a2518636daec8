package dev.longhaul.rest;

import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Status;
import dev.longhaul.query.HistoryReader;
import dev.longhaul.store.OperationStore;
import dev.longhaul.web.Endpoint;
import dev.longhaul.web.OperationNotFound;
import dev.longhaul.web.Problem;
import dev.longhaul.web.ProblemKind;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.node.JsonNodeFactory;

/// Reads the result, the history and the attempts of an operation.
@RestController
class OperationHistoryController {

    private static final int MOST = 1_000;

    private final OperationStore store;
    private final HistoryReader histories;
    private final OperationResponse response;

    OperationHistoryController(OperationStore store, HistoryReader histories, OperationResponse response) {
        this.store = store;
        this.histories = histories;
        this.response = response;
    }

    @Endpoint(value = "Get the output of an operation", also = 202, body = JsonNode.class,
            problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.NO_RESULT}, description = """
            The output alone, as the task returned it. 202 with the operation and `Retry-After` while it is
            unfinished; 409 if it failed or was cancelled.""")
    @GetMapping(path = "/api/v1/operations/{id}/result", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<?> getOperationResult(@PathVariable String id) {
        var operation = find(id);
        if (!operation.isOver()) {
            return OperationResponse.headed(HttpStatus.ACCEPTED, operation).body(response.view(operation));
        }
        if (operation.status() != Status.COMPLETED) {
            throw new Problem(ProblemKind.NO_RESULT, "operation " + id + " is " + operation.status().word()
                    + (operation.error() == null ? "" : ": " + operation.error().message()));
        }
        return OperationResponse.headed(HttpStatus.OK, operation)
                .body(operation.output() == null ? JsonNodeFactory.instance.nullNode() : operation.output());
    }

    /// @param nextAfter `after` of the next page; null: no more entries yet
    @JsonNaming(SnakeCaseStrategy.class)
    record HistoryPage(List<HistoryReader.HistoryEntry> entries, @Nullable Integer nextAfter) {}

    @Endpoint(value = "Get the history of an operation", problems = ProblemKind.NO_SUCH_OPERATION, description = """
            Every change of state with its principal and reason, and samples of its progress, in order. `next_after`
            is the `after` of the next page.""")
    @GetMapping("/api/v1/operations/{id}/history")
    HistoryPage getOperationHistory(@PathVariable String id, @RequestParam(defaultValue = "0") int after,
            @RequestParam(defaultValue = "200") int limit) {
        requirePage(after, limit);
        var entries = histories.of(find(id).id(), after, limit);
        return new HistoryPage(entries, entries.size() < limit ? null : entries.getLast().seq());
    }

    record AttemptList(List<HistoryReader.Attempt> attempts) {}

    @Endpoint(value = "List the attempts of an operation", problems = ProblemKind.NO_SUCH_OPERATION)
    @GetMapping("/api/v1/operations/{id}/attempts")
    AttemptList listOperationAttempts(@PathVariable String id) {
        return new AttemptList(histories.attempts(find(id).id()));
    }

    private static void requirePage(int after, int limit) {
        if (after < 0 || limit < 1 || limit > MOST) {
            throw Problem.ofParameter(after < 0 ? "after" : "limit", "expected after of 0 or more and limit of 1 to "
                    + MOST
                    + ", not " + after + " and " + limit);
        }
    }

    private Operation find(String id) {
        var operationId = OperationId.parse(id);
        return store.find(operationId).orElseThrow(() -> new OperationNotFound(operationId));
    }
}
