package dev.longhaul.cli;

import java.util.LinkedHashMap;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

@CommandLine.Command(name = "get", description = "Show an operation as it is now.")
class GetCommand extends ItemCommand {

    @Override
    public Integer call() {
        return print(api().get(path()), GetCommand::text);
    }

    private static String text(JsonNode operation) {
        var status = OperationsCommand.status(operation);
        var lines = new LinkedHashMap<String, String>();
        lines.put("operation", DisplayFormat.text(operation, "operation_id"));
        lines.put("type", DisplayFormat.text(operation, "type"));
        lines.put("queue", DisplayFormat.text(operation, "queue"));
        lines.put("status", TerminalCheck.hasColor() ? Colors.of(status).on(status) : status);
        lines.put("progress", ProgressBar.bar(operation.path("progress").asDouble(0), 20) + " "
                + DisplayFormat.percent(operation.path("progress")));
        lines.put("message", DisplayFormat.text(operation, "message"));
        lines.put("error", DisplayFormat.text(operation, "error"));
        lines.put("attempt", operation.path("attempt") + " of " + operation.path("max_attempts"));
        lines.put("tags", OperationsCommand.tags(operation, ", "));
        lines.put("submitted", DisplayFormat.text(operation, "created_at"));
        lines.put("started", DisplayFormat.text(operation, "started_at"));
        lines.put("finished", DisplayFormat.text(operation, "finished_at"));
        lines.put("took", DisplayFormat.span(operation.path("elapsed_seconds")));
        lines.put("child of", DisplayFormat.text(operation, "parent_id"));
        lines.put("input", DisplayFormat.text(operation, "input"));
        lines.put("output", operation.hasNonNull("output") ? DisplayFormat.line(operation.path("output").toString())
                : "");
        operation.path("input_required").forEach(request -> lines.put("asks", DisplayFormat.text(request, "action")
                + "  → longhaul input " + DisplayFormat.text(operation, "operation_id")));
        return DisplayFormat.pairs(lines);
    }
}
