package dev.longhaul.cli;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// Lists operations, newest first.
@CommandLine.Command(name = "ls", description = "List operations, newest first.")
class ListCommand extends ServiceCommand {

    @Option(names = {"-f", "--filter"}, paramLabel = "FILTER", description =
            "Conditions that all hold, e.g. 'status:failed,cancelled type:report.* created>-24h -tag:test'.")
    private @Nullable String filter;

    @Option(names = {"-n", "--limit"}, paramLabel = "N", defaultValue = "50",
            description = "At most so many; default: 50.")
    private int limit;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    public Integer call() {
        var found = find(api(), filter, limit);
        output.tellAll(found, () -> table(found, output.isWide()), filter == null
                ? "No operations yet. Start one: longhaul run rehearsal -i duration_seconds=30 -i steps=10 --watch"
                : "No operation passes this filter.");
        return ExitCode.DONE;
    }

    /// As many as wanted, page by page.
    static List<JsonNode> find(ApiClient api, @Nullable String filter, int limit) {
        return PageReader.find(api, ApiClient.operations(), "operations", Map.of("filter", filter == null
                ? "" : filter), limit);
    }

    static TextTable table(List<JsonNode> operations, boolean wide) {
        var now = OutputOptions.now();
        var table = wide ? new TextTable("ID", "TYPE", "STATUS", "PROGRESS", "AGE", "QUEUE", "ATTEMPT", "TOOK", "TAGS",
                "MESSAGE")
                : new TextTable("ID", "TYPE", "STATUS", "PROGRESS", "AGE", "MESSAGE");
        for (var operation : operations) {
            var state = state(operation);
            var status = new TextTable.Cell(state, Colors.of(state));
            var said = said(operation);
            var id = operation.path("operation_id").asString("");
            var type = DisplayFormat.line(operation.path("type"));
            var age = DisplayFormat.ago(operation.path("created_at"), now);
            var progress = DisplayFormat.percent(operation.path("progress"));
            if (wide) {
                table.row(id, type, status, progress, age, DisplayFormat.line(operation.path("queue")),
                        operation.path("attempt").asInt(0) + "/" + operation.path("max_attempts")
                        .asInt(0), DisplayFormat.span(operation.path("elapsed_seconds")),
                        operation.path("tags").valueStream().map(DisplayFormat::line).collect(Collectors.joining(",")),
                        said);
            } else {
                table.row(id, type, status, progress, age, DisplayFormat.cut(said, 60));
            }
        }
        return table;
    }

    /// The status; of a paused one, that it is.
    static String state(JsonNode operation) {
        return operation.path("paused").asBoolean(false) ? "paused" : operation.path("status").asString("");
    }

    /// What it failed of, or said last.
    static String said(JsonNode operation) {
        var isFailed = operation.path("status").asString("").equals("failed");
        return DisplayFormat.line(isFailed && operation.hasNonNull("error")
                ? operation.path("error") : operation.path("message"));
    }
}
