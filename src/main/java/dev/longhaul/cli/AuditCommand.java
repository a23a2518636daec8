package dev.longhaul.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

@CommandLine.Command(name = "audit",
        description = "List the changes that people and programs made, newest first. "
        + "'longhaul events' shows those of the engine too.")
class AuditCommand extends ListCommand.PagedCommand {

    private static final List<Column> COLUMNS = List.of(Column.text("AT", "at"), Column.text("BY", "by"),
            Column.text("SOURCE", "source"), Column.text("EVENT", "event"),
            Column.status("STATUS", entry -> DisplayFormat.text(entry, "to_status")),
            Column.text("OPERATION", "operation_id"), Column.text("REASON", "reason"));

    @Option(names = {"-s", "--since"}, paramLabel = "TIME", defaultValue = "24h",
            description = "How far back: 6h, 7d; default: 24h.")
    private String since = "24h";

    @Option(names = "--by", paramLabel = "NAME", description = "Changes of this principal only.")
    private @Nullable String by;

    @Option(names = "--source", paramLabel = "SOURCE",
            description = "Changes from this source only: rest, cli, mcp, sql, dashboard.")
    private @Nullable String source;

    AuditCommand() {
        super("/api/v1/audit", "entries", COLUMNS, "");
    }

    @Override
    Map<String, ? extends @Nullable Object> filters() {
        return Map.of("since", since, "by", text(by), "source", text(source));
    }

    @Override
    String none() {
        return "No audit entries in the last " + since + ".";
    }
}
