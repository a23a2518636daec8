package dev.longhaul.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

@CommandLine.Command(name = "errors",
        description =
                {"List errors in groups: failures of the same type whose messages differ only in numbers and ids.",
            "Show the latest of a group: longhaul get ID, longhaul logs ID."})
class ErrorsCommand extends ListCommand.PagedCommand {

    private static final List<Column> COLUMNS = List.of(Column.number("COUNT", "count"), Column.text("TYPE", "type"),
            Column.ago("LAST", "last_at"), Column.ago("FIRST", "first_at"),
            Column.text("LATEST ID", "last_operation_id"),
            Column.of("ERROR", group -> DisplayFormat.text(group, "error_type").replaceFirst(".*\\.", "")),
            Column.text("CLASS", "error_type").wide(), Column.text("MESSAGE", "message").cutAt(60));

    @Option(names = {"-s", "--since"}, paramLabel = "TIME", defaultValue = "24h",
            description = "Of operations submitted in this time: 6h, 7d; default: 24h.")
    private String since = "24h";

    @Option(names = "--type", paramLabel = "TYPE", description = "Of this task type only.")
    private @Nullable String type;

    ErrorsCommand() {
        super("/api/v1/error-groups", "error_groups", COLUMNS, "");
    }

    @Override
    Map<String, ? extends @Nullable Object> filters() {
        return Map.of("since", since, "type", text(type), "limit", super.limit());
    }

    /// The service answers with all groups up to `limit`, in one page.
    @Override
    int limit() {
        return ApiClient.ALL;
    }

    @Override
    String none() {
        return "No errors in the last " + since + ".";
    }
}
