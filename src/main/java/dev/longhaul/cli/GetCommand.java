package dev.longhaul.cli;

import java.util.LinkedHashMap;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Shows one operation.
@CommandLine.Command(name = "get", description = "Show an operation as it is now.")
class GetCommand extends ServiceCommand {

    @Parameters(paramLabel = "ID", description = "The operation.")
    private String id = "";

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    public Integer call() {
        var operation = api().get(ApiClient.operation(id));
        output.tell(operation, () -> text(operation));
        return ExitCode.DONE;
    }

    static String text(JsonNode operation) {
        var state = ListCommand.state(operation);
        var lines = new LinkedHashMap<String, String>();
        lines.put("operation", operation.path("operation_id").asString(""));
        lines.put("type", DisplayFormat.line(operation.path("type")));
        lines.put("queue", DisplayFormat.line(operation.path("queue")));
        lines.put("status", TerminalCheck.hasColor() ? Colors.of(state).on(state) : state);
        lines.put("progress", ProgressBar.bar(operation.path("progress").asDouble(0), 20) + " "
                + DisplayFormat.percent(operation.path("progress")));
        lines.put("message", DisplayFormat.line(operation.path("message")));
        lines.put("error", DisplayFormat.line(operation.path("error")));
        lines.put("attempt", operation.path("attempt").asInt(0) + " of " + operation.path("max_attempts").asInt(0));
        lines.put("tags", String.join(", ", operation.path("tags").valueStream().map(DisplayFormat::line).toList()));
        lines.put("submitted", operation.path("created_at").asString(""));
        lines.put("started", operation.path("started_at").asString(""));
        lines.put("finished", operation.path("finished_at").asString(""));
        lines.put("took", DisplayFormat.span(operation.path("elapsed_seconds")));
        lines.put("child of", operation.path("parent_id").asString(""));
        lines.put("input", operation.path("input").isMissingNode()
                ? "" : DisplayFormat.line(operation.path("input").toString()));
        lines.put("output", operation.hasNonNull("output")
                ? DisplayFormat.line(operation.path("output").toString()) : "");
        operation.path("input_required")
                .forEach(question -> lines.put("asks", DisplayFormat.line(question.path("action"))
                + "  → longhaul input " + operation.path("operation_id").asString("")));
        return DisplayFormat.pairs(lines);
    }
}
