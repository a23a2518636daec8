package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.store.OperationStore;
import dev.longhaul.types.InputTypes;
import dev.longhaul.web.Endpoint;
import dev.longhaul.web.IdempotencyKey;
import dev.longhaul.web.JsonBody;
import dev.longhaul.web.OperationNotFound;
import dev.longhaul.web.OperationView;
import dev.longhaul.web.ProblemKind;
import dev.longhaul.workflow.WorkflowGraph;
import dev.longhaul.workflow.WorkflowNodeView;
import dev.longhaul.workflow.Workflows;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// Submits workflows as JSON or YAML, and reads them with their nodes. A workflow is an operation too, with all actions
/// of operations.
@RestController
class WorkflowsController {

    private static final int LIMIT = 1 << 20;

    private final Workflows workflows;
    private final OperationStore operations;
    private final OperationResponse response;
    private final InputTypes inputs;

    WorkflowsController(Workflows workflows, OperationStore operations, OperationResponse response, InputTypes inputs) {
        this.workflows = workflows;
        this.operations = operations;
        this.response = response;
        this.inputs = inputs;
    }

    /// @param nodes in the order of the graph
    @JsonNaming(SnakeCaseStrategy.class)
    record WorkflowView(@JsonUnwrapped OperationView operation, List<WorkflowNodeView> nodes) {}

    @Endpoint(value = "Submit a workflow", status = 202, also = 200, problems = ProblemKind.IDEMPOTENCY_CONFLICT,
            body = WorkflowView.class, description = """
            A graph of operations, described by `GET /api/v1/workflows:schema`, as JSON or `application/yaml`. It is
            committed before the response. With an `Idempotency-Key` the request may be repeated after any failure.
            With `validate_only=true` everything is validated, nothing is stored, and the response is 200.""")
    @PostMapping("/api/v1/workflows")
    ResponseEntity<?> submitWorkflow(@JsonBody(limit = LIMIT, yaml = true) WorkflowGraph graph,
            @RequestParam(name = "validate_only", defaultValue = "false") boolean validateOnly,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestHeader(name = "traceparent", required = false) @Nullable String traceParent, Caller caller) {
        return submit(inputs.json().valueToTree(graph), validateOnly, key, traceParent, caller);
    }

    private ResponseEntity<?> submit(JsonNode graph, boolean validateOnly, @Nullable String key,
            @Nullable String traceParent, Caller caller) {
        if (validateOnly) {
            workflows.check(graph);
            return ResponseEntity.ok(new OperationsController.Validation(true));
        }
        var submitted = workflows.start(graph, submission -> submission.withIdempotencyKey(IdempotencyKey.parse(key))
                .withTraceParent(traceParent), caller);
        return OperationResponse.accepted(submitted, "/api/v1/workflows/").body(view(submitted.operation()));
    }

    @Endpoint("Get the JSON Schema of a workflow")
    @GetMapping("/api/v1/workflows:schema")
    JsonNode getWorkflowSchema() {
        return workflows.schema();
    }

    @Endpoint(value = "Get a workflow and its nodes", problems = ProblemKind.NO_SUCH_OPERATION)
    @GetMapping("/api/v1/workflows/{id}")
    ResponseEntity<WorkflowView> getWorkflow(@PathVariable String id) {
        var operation = find(id);
        return OperationResponse.headed(HttpStatus.OK, operation).body(view(operation));
    }

    @Endpoint(value = "Cancel a workflow", problems = ProblemKind.NO_SUCH_OPERATION, description = """
            No more of its operations start; running ones are asked to stop. Repeating it changes nothing.""")
    @PostMapping("/api/v1/workflows/{id}:cancel")
    ResponseEntity<WorkflowView> cancelWorkflow(@PathVariable String id,
            @JsonBody(optional = true) ReasonRequest request, Caller caller) {
        var operation = find(id);
        var cancelled = operations.cancel(operation.id(), request.reason(), caller)
                .orElseThrow(() -> new OperationNotFound(operation.id()));
        return OperationResponse.headed(HttpStatus.OK, cancelled).body(view(cancelled));
    }

    private Operation find(String id) {
        var operationId = OperationId.parse(id);
        return workflows.find(operationId).orElseThrow(() -> new OperationNotFound(operationId));
    }

    private WorkflowView view(Operation operation) {
        return new WorkflowView(response.view(operation), workflows.nodes(operation.id()));
    }
}
