package dev.longhaul.mcp.tools;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.inputrequest.AlreadyAnswered;
import dev.longhaul.inputrequest.InputRequests;
import dev.longhaul.mcp.rpc.VisibleOperations;
import dev.longhaul.operation.InputRequest;
import dev.longhaul.operation.OperationId;
import dev.longhaul.tool.ToolCall;
import dev.longhaul.tool.ToolType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.Order;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.json.JsonMapper;

/// Lists open input requests of an operation, and answers one.
@ToolType(value = "provide_input", title = "Answer an input request of a task", description = """
        Answers an input request: a question of an operation to a person. Without name and answer it lists the open \
        input requests with the JSON Schemas of their answers. Let a person decide, and never answer an authorization \
        yourself. Returns the status and the input requests that are still open. The first answer is final; then the \
        operation continues.""")
@Order(6)
class ProvideInputTool implements OperationTool<ProvideInputTool.Arguments, ProvideInputTool.Result> {

    record Arguments(@JsonPropertyDescription("The operation_id that a call returned") String operationId,
                     @JsonPropertyDescription(
                     "Name of the input request; optional if only one is open") @Nullable String name,
                     @JsonPropertyDescription("The answer, as the schema describes it, e.g. "
                     + "{\"approved\": true}") @Nullable Map<String, Object> answer) {}

    /// @param status `authorization_requested`, `human_input_requested`, or the operation's own if none is open
    @JsonNaming(SnakeCaseStrategy.class)
    record Result(String operationId, String status, List<Open> inputRequests) {}

    /// @param hilType `authorization`, `input`, `review` or `authorization_with_input`
    @JsonNaming(SnakeCaseStrategy.class)
    record Open(String name, String hilType, String action, @Nullable JsonNode data, @Nullable List<String> options,
            @Nullable String riskLevel,
                JsonNode schema, Instant askedAt, @Nullable Instant answerBy) {

        static Open of(InputRequest request) {
            return new Open(request.name(), request.kind().word(), request.action(), request.data(),
                    request.options(),
                    request.risk() == null ? null : request.risk().word(), request.schema(), request.askedAt(),
                    request.answerBy());
        }
    }

    private final VisibleOperations operations;
    private final InputRequests inputRequests;
    private final JsonMapper json;

    ProvideInputTool(VisibleOperations operations, InputRequests inputRequests, JsonMapper json) {
        this.operations = operations;
        this.inputRequests = inputRequests;
        this.json = json;
    }

    @Override
    public Result call(Arguments arguments, ToolCall call) {
        var id = OperationId.parse(arguments.operationId);
        operations.get(id, call.caller());
        if (arguments.answer != null) {
            answer(id, arguments, call);
        }
        var operation = operations.get(id, call.caller());
        var open = inputRequests.open(id);
        return new Result(id.toString(), open.isEmpty() ? operation.status().word() : status(open),
                open.stream().map(Open::of).toList());
    }

    private void answer(OperationId id, Arguments arguments, ToolCall call) {
        try {
            inputRequests.answer(id, arguments.name == null ? onlyOpen(id) : arguments.name,
                    json.valueToTree(arguments.answer), call.caller());
        } catch (NoSuchElementException | AlreadyAnswered tooLate) {
            throw new IllegalArgumentException(tooLate.getMessage());
        }
    }

    private String onlyOpen(OperationId id) {
        var open = inputRequests.open(id);
        if (open.size() != 1) {
            throw new IllegalArgumentException("operation " + id + " has " + open.size()
                    + " open input requests; give the name of one");
        }
        return open.getFirst().name();
    }

    private static String status(List<InputRequest> open) {
        var authorizes = open.stream().anyMatch(request -> request.kind() == InputRequest.Kind.AUTHORIZATION
                || request.kind() == InputRequest.Kind.AUTHORIZATION_WITH_INPUT);
        return authorizes ? "authorization_requested" : "human_input_requested";
    }
}
