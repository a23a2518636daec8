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
import dev.longhaul.web.ProblemKind;
import dev.longhaul.workflow.NodeView;
import dev.longhaul.workflow.WorkflowGraph;
import dev.longhaul.workflow.Workflows;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
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

/// Workflows: started as JSON or YAML, and how their nodes are. Each is an operation too, with all that can be done to
/// one.
@RestController
class WorkflowsController {

    private static final int LIMIT = 1 << 20;

    private final Workflows workflows;
    private final OperationStore operations;
    private final OperationResponse answer;
    private final InputTypes inputs;

    WorkflowsController(Workflows workflows, OperationStore operations, OperationResponse answer, InputTypes inputs) {
        this.workflows = workflows;
        this.operations = operations;
        this.answer = answer;
        this.inputs = inputs;
    }

    /// The operation, and its nodes in the order of the graph.
    @JsonNaming(SnakeCaseStrategy.class)
    record Full(@JsonUnwrapped OperationResponse.OperationResource operation, List<Node> nodes) {}

    /// @param status `waiting`, `running`, `completed`, `failed`, `cancelled`, `skipped` or `unneeded`
    /// @param total  how many operations it is; null: that is not known yet
    @JsonNaming(SnakeCaseStrategy.class)
    record Node(String name, String status, String when, List<String> needs, String type, double progress,
            @Nullable Integer total, int over, int bad,
                @Nullable UUID operationId, @Nullable String error, @Nullable Instant settledAt) {

        static Node of(NodeView node) {
            return new Node(node.name(), node.status(), node.when(), node.needs(), node.type(), node.progress(),
                    node.total(), node.finished(), node.failed(), node.operation(),
                    node.error(), node.finishedAt());
        }
    }

    @Endpoint(value = "Starts a workflow", status = 202, also = 200, problems = ProblemKind.IDEMPOTENCY_CONFLICT, body = Full.class, description = """
            A graph of operations, as `GET /api/v1/workflows:schema` describes it, in JSON or as `application/yaml`. It is committed before the answer. With an `Idempotency-Key`
            the request may be sent again after any failure. With `validate_only=true` all is checked, nothing is stored, and the answer is 200.""")
    @PostMapping("/api/v1/workflows")
    ResponseEntity<?> start(@JsonBody(limit = LIMIT, yaml = true) WorkflowGraph graph,
            @RequestParam(name = "validate_only", defaultValue = "false") boolean validateOnly,
                            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
                            @RequestHeader(name = "traceparent", required = false) @Nullable String traceParent,
                                    Caller caller) {
        return start(inputs.json().valueToTree(graph), validateOnly, key, traceParent, caller);
    }

    private ResponseEntity<?> start(JsonNode graph, boolean validateOnly, @Nullable String key,
            @Nullable String traceParent, Caller caller) {
        if (validateOnly) {
            workflows.check(graph);
            return ResponseEntity.ok(new OperationsController.Valid(true));
        }
        var submitted = workflows.start(graph, submission -> submission.withIdempotencyKey(IdempotencyKey.parse(key))
                .withTraceParent(traceParent), caller);
        var operation = submitted.operation();
        var accepted = OperationResponse.headed(HttpStatus.ACCEPTED, operation)
                .location(URI.create("/api/v1/workflows/" + operation.id()))
                .header("Operation-Location", "/api/v1/operations/" + operation.id());
        return (submitted.replayed() ? accepted.header("Idempotency-Replayed", "true") : accepted)
                .body(full(operation));
    }

    @Endpoint(value = "Tells the JSON Schema of a workflow")
    @GetMapping("/api/v1/workflows:schema")
    JsonNode schema() {
        return workflows.schema();
    }

    @Endpoint(value = "Tells how a workflow and its nodes are", problems = ProblemKind.NO_SUCH_OPERATION)
    @GetMapping("/api/v1/workflows/{id}")
    ResponseEntity<Full> get(@PathVariable String id) {
        var operation = find(id);
        return OperationResponse.headed(HttpStatus.OK, operation).body(full(operation));
    }

    @Endpoint(value = "Cancels a workflow as a whole", problems = ProblemKind.NO_SUCH_OPERATION, description = """
            Nothing of it is started any more; what runs is asked to stop. Repeating it changes nothing.""")
    @PostMapping("/api/v1/workflows/{id}:cancel")
    ResponseEntity<Full> cancel(@PathVariable String id,
            @JsonBody(optional = true) OperationActionsController.ReasonBody why, Caller caller) {
        var operation = find(id);
        var cancelled = operations.cancel(operation.id(), why.reason(), caller)
                .orElseThrow(() -> new OperationNotFound(operation.id()));
        return OperationResponse.headed(HttpStatus.OK, cancelled).body(full(cancelled));
    }

    private Operation find(String id) {
        var operationId = OperationId.parse(id);
        return workflows.find(operationId).orElseThrow(() -> new OperationNotFound(operationId));
    }

    private Full full(Operation operation) {
        return new Full(answer.full(operation), workflows.nodes(operation.id()).stream().map(Node::of).toList());
    }
}
