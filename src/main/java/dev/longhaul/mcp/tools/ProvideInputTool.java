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

/// Shows what an operation asks of people, and takes an answer.
@ToolType(value = "provide_input", title = "Answer a question of a task", description = """
        Answers a question that an operation asks of a person and waits for. Call it without question and answer to see the open questions, with the JSON \
        Schema an answer must fit; have a person decide, and never answer an authorization yourself. Returns the status and the questions still open. The \
        first answer stands; the operation goes on by itself.""")
@Order(6)
class ProvideInputTool implements OperationTool<ProvideInputTool.Arguments, ProvideInputTool.Asked> {

    record Arguments(@JsonPropertyDescription("The operation_id that a call returned") String operationId,
                     @JsonPropertyDescription(
                     "Name of the question; may be left out if there is one") @Nullable String question,
                     @JsonPropertyDescription("The answer, as the question's schema describes it, e.g. "
                     + "{\"approved\": true}") @Nullable Map<String, Object> answer) {}

    /// @param status `authorization_requested`, `human_input_requested`, or the operation's own if nothing is asked
    @JsonNaming(SnakeCaseStrategy.class)
    record Asked(String operationId, String status, List<Open> questions) {}

    /// @param hilType `authorization`, `input`, `review` or `authorization_with_input`
    @JsonNaming(SnakeCaseStrategy.class)
    record Open(String question, String hilType, String action, @Nullable JsonNode data, @Nullable List<String> options,
            @Nullable String riskLevel,
                JsonNode schema, Instant askedAt, @Nullable Instant answerBy) {

        static Open of(InputRequest question) {
            return new Open(question.name(), question.kind().word(), question.action(), question.data(),
                    question.options(),
                    question.risk() == null ? null : question.risk().word(), question.schema(), question.askedAt(),
                    question.answerBy());
        }
    }

    private final VisibleOperations operations;
    private final InputRequests answers;
    private final JsonMapper json;

    ProvideInputTool(VisibleOperations operations, InputRequests answers, JsonMapper json) {
        this.operations = operations;
        this.answers = answers;
        this.json = json;
    }

    @Override
    public Asked call(Arguments arguments, ToolCall call) {
        var id = OperationId.parse(arguments.operationId);
        operations.get(id, call.caller());
        if (arguments.answer != null) {
            answer(id, arguments, call);
        }
        var operation = operations.get(id, call.caller());
        var open = answers.open(id);
        return new Asked(id.toString(), open.isEmpty() ? operation.status().word() : status(open),
                open.stream().map(Open::of).toList());
    }

    private void answer(OperationId id, Arguments arguments, ToolCall call) {
        try {
            answers.answer(id, arguments.question == null ? onlyOne(id) : arguments.question,
                    json.valueToTree(arguments.answer), call.caller());
        } catch (NoSuchElementException | AlreadyAnswered tooLate) {
            throw new IllegalArgumentException(tooLate.getMessage());
        }
    }

    private String onlyOne(OperationId id) {
        var open = answers.open(id);
        if (open.size() != 1) {
            throw new IllegalArgumentException("operation " + id + " has " + open.size()
                    + " open questions; say which one the answer is for");
        }
        return open.getFirst().name();
    }

    private static String status(List<InputRequest> open) {
        var authorizes = open.stream().anyMatch(question -> question.kind() == InputRequest.Kind.AUTHORIZATION
                || question.kind() == InputRequest.Kind.AUTHORIZATION_WITH_INPUT);
        return authorizes ? "authorization_requested" : "human_input_requested";
    }
}
