package dev.longhaul.mcp.resources;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.mcp.rpc.VisibleOperations;
import dev.longhaul.query.Filter;
import dev.longhaul.query.OperationList;
import dev.longhaul.tool.Prompt;
import dev.longhaul.tool.PromptType;
import dev.longhaul.tool.ToolCall;
import java.time.Duration;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Asks a model for a summary of the last hours.
@PromptType(value = "summarise_last_night", title = "Summarise last night's runs",
        description =
                "Gives a model the operations of the last hours, and asks for a summary for the people who come in "
                + "in the morning.")
class SummariseNightPrompt implements Prompt<SummariseNightPrompt.Arguments> {

    private static final Duration PAGE_TIMEOUT = Duration.ofSeconds(2);

    record Arguments(@JsonPropertyDescription("How many hours back; default 12") @Nullable String hours,
                     @JsonPropertyDescription("Only of this task type; default: all") @Nullable String taskType) {}

    private final OperationList list;
    private final VisibleOperations operations;

    SummariseNightPrompt(OperationList list, VisibleOperations operations) {
        this.list = list;
        this.operations = operations;
    }

    @Override
    public Messages get(Arguments arguments, ToolCall call) {
        var hours = arguments.hours == null || arguments.hours.isBlank() ? "12" : arguments.hours.strip();
        if (!hours.matches("[1-9]\\d{0,3}")) {
            throw new IllegalArgumentException("hours must be a number of hours such as 12");
        }
        var type = arguments.taskType == null || arguments.taskType.isBlank()
                ? "" : " type:\"" + arguments.taskType.replace("\"", "") + "\"";
        var found = list.filled(Filter.parse("created>-" + hours + "h" + type), null, OperationList.MOST, PAGE_TIMEOUT)
                .operations();
        var lines = found.stream().filter(operation -> operations.allows(call.caller(), operation.id()))
                .map(operation -> "%s %s %s attempt %d/%d %.0f%% %s".formatted(
                operation.id(), operation.type(), operation.status().word(), operation.attempt(),
                operation.maxAttempts(), operation.percent(),
                operation.message() == null ? "" : operation.message())).collect(Collectors.joining("\n"));
        return Messages.user("""
                These are the operations of the last %s hours, newest first (at most %d). Summarise them for the \
                people who start work in the morning: what ran with what result, which failures share a cause, and \
                what still runs or waits. Start with what needs a person. Details of one operation are in \
                get_task_result and the resource longhaul://operations/{id}/history.
                %s""".formatted(hours, OperationList.MOST, lines.isEmpty() ? "(none)" : lines));
    }
}
