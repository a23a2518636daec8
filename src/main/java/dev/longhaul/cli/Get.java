package dev.longhaul.cli;

import java.util.LinkedHashMap;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Shows one operation.
@CommandLine.Command(name = "get", description = "Show an operation as it is now.")
class Get extends Command {

    @Parameters(paramLabel = "ID", description = "The operation.")
    private String id = "";

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() {
        var operation = api().get(Api.operation(id));
        output.tell(operation, () -> text(operation));
        return Exit.DONE;
    }

    static String text(JsonNode operation) {
        var state = ListOperations.state(operation);
        var lines = new LinkedHashMap<String, String>();
        lines.put("operation", operation.path("operation_id").asString(""));
        lines.put("type", Words.line(operation.path("type")));
        lines.put("queue", Words.line(operation.path("queue")));
        lines.put("status", Screen.hasColor() ? Paint.of(state).on(state) : state);
        lines.put("progress", Bar.bar(operation.path("progress").asDouble(0), 20) + " " + Words.percent(operation.path("progress")));
        lines.put("message", Words.line(operation.path("message")));
        lines.put("error", Words.line(operation.path("error")));
        lines.put("attempt", operation.path("attempt").asInt(0) + " of " + operation.path("max_attempts").asInt(0));
        lines.put("tags", String.join(", ", operation.path("tags").valueStream().map(Words::line).toList()));
        lines.put("submitted", operation.path("created_at").asString(""));
        lines.put("started", operation.path("started_at").asString(""));
        lines.put("finished", operation.path("finished_at").asString(""));
        lines.put("took", Words.span(operation.path("elapsed_seconds")));
        lines.put("child of", operation.path("parent_id").asString(""));
        lines.put("input", operation.path("input").isMissingNode() ? "" : Words.line(operation.path("input").toString()));
        lines.put("output", operation.hasNonNull("output") ? Words.line(operation.path("output").toString()) : "");
        operation.path("input_required").forEach(question -> lines.put("asks", Words.line(question.path("action")) + "  → longhaul input " + operation.path("operation_id").asString("")));
        return Words.pairs(lines);
    }
}
