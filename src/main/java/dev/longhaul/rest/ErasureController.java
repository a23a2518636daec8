package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.store.ErasureStore;
import dev.longhaul.store.OperationStore;
import dev.longhaul.web.Endpoint;
import dev.longhaul.web.JsonBody;
import dev.longhaul.web.OperationNotFound;
import dev.longhaul.web.OperationView;
import dev.longhaul.web.Problem;
import dev.longhaul.web.ProblemKind;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/// Erases a person's data.
@RestController
class ErasureController {

    private final OperationStore operations;
    private final ErasureStore store;
    private final OperationResponse response;

    ErasureController(OperationStore operations, ErasureStore store, OperationResponse response) {
        this.operations = operations;
        this.store = store;
        this.response = response;
    }

    record ErasureRequest(@JsonPropertyDescription("For the history, e.g. the number of the request") @NotBlank
            @Size(max = 500) String reason) {}

    @Endpoint(value = "Erase the data of a finished operation",
            problems = {ProblemKind.NO_SUCH_OPERATION, ProblemKind.STATE_CONFLICT}, description = """
            Erases input, output, error, answers, texts, logged lines, results of steps, labels and the bodies of its
            webhook deliveries, for good. Its moves and times stay, the history gets an entry `data_erased`, and the
            hash chain still verifies. 409 while it is not finished.""")
    @PostMapping("/api/v1/operations/{id}:eraseData")
    ResponseEntity<OperationView> eraseData(@PathVariable String id, @JsonBody ErasureRequest request, Caller caller) {
        var operation = find(OperationId.parse(id));
        if (!operation.isOver()) {
            throw new Problem(ProblemKind.STATE_CONFLICT, "operation " + operation.id() + " is "
                    + operation.status().word() + ", and only the data of a finished one can be erased: cancel it "
                    + "first");
        }
        store.erase(operation.id(), request.reason, caller);
        return response.ok(find(operation.id()));
    }

    private Operation find(OperationId id) {
        return operations.find(id).orElseThrow(() -> new OperationNotFound(id));
    }
}
