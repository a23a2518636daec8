package dev.longhaul.cli;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@CommandLine.Command(name = "ls", description = "List operations, newest first.")
class OperationsCommand extends ListCommand.PagedCommand {

    static final List<Column> COLUMNS = List.of(Column.text("ID", "operation_id"), Column.text("TYPE", "type"),
            Column.status("STATUS", OperationsCommand::status),
            Column.of("PROGRESS", operation -> DisplayFormat.percent(operation.path("progress"))),
            Column.ago("AGE", "created_at"), Column.text("QUEUE", "queue").wide(),
            Column.of("ATTEMPT", operation -> operation.path("attempt") + "/" + operation.path("max_attempts")).wide(),
            Column.of("TOOK", operation -> DisplayFormat.span(operation.path("elapsed_seconds"))).wide(),
            Column.of("TAGS", operation -> tags(operation, ",")).wide(),
            Column.of("MESSAGE", OperationsCommand::message).cutAt(60));

    @Option(names = {"-f", "--filter"}, paramLabel = "FILTER",
            description = "Conditions that all hold, e.g. 'status:failed,cancelled type:report.* created>-24h "
            + "-tag:test'.")
    private @Nullable String filter;

    OperationsCommand() {
        super(ApiClient.OPERATIONS, "operations", COLUMNS, "");
    }

    @Override
    Map<String, ? extends @Nullable Object> filters() {
        return Map.of("filter", text(filter));
    }

    @Override
    String none() {
        return filter != null ? "No operation matches the filter."
                : "No operations yet. Start one: longhaul run simulation -i duration_seconds=30 -i steps=10 --watch";
    }

    static List<JsonNode> find(ApiClient api, String filter, int limit) {
        return api.list(ApiClient.OPERATIONS, "operations", Map.of("filter", filter), limit);
    }

    /// `paused` instead of the status of a paused operation.
    static String status(JsonNode operation) {
        return operation.path("paused").asBoolean(false) ? "paused" : DisplayFormat.text(operation, "status");
    }

    /// The error of a failed operation, else its last message.
    static String message(JsonNode operation) {
        var isFailed = DisplayFormat.text(operation, "status").equals("failed") && operation.hasNonNull("error");
        return DisplayFormat.text(operation, isFailed ? "error" : "message");
    }

    static String tags(JsonNode operation, String separator) {
        return operation.path("tags").valueStream().map(DisplayFormat::line).collect(Collectors.joining(separator));
    }
}
