package dev.longhaul.cli;

import java.time.Duration;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Who did what.
@CommandLine.Command(name = "audit",
        description =
        "Tell what people and programs did to operations, and by which door they came; the newest first. What the "
        + "engine did is in 'events'.")
class AuditCommand extends ServiceCommand {

    @Option(names = {"-s", "--since"}, paramLabel = "TIME", defaultValue = "24h",
            description = "How far back: 6h, 7d; default: 24h.")
    private Duration since = Duration.ofDays(1);

    @Option(names = "--by", paramLabel = "NAME", description = "What this one did.")
    private @Nullable String by;

    @Option(names = "--via", paramLabel = "DOOR",
            description = "What came by this door: rest, cli, mcp, sql, dashboard.")
    private @Nullable String via;

    @Option(names = {"-n", "--limit"}, paramLabel = "N", defaultValue = "50",
            description = "At most so many; default: 50.")
    private int limit;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    public Integer call() {
        var query = new HashMap<String, @Nullable Object>();
        query.put("since", since);
        query.put("by", by);
        query.put("source", via);
        var entries = PageReader.find(api(), "/api/v1/audit", "entries", query, limit);
        output.tellAll(entries, () -> {
            var table = new TextTable("AT", "BY", "VIA", "EVENT", "STATUS", "OPERATION", "WHY");
            for (var entry : entries) {
                var status = entry.path("to_status").asString("");
                table.row(entry.path("at").asString(""), DisplayFormat.line(entry.path("by")), entry.path("source")
                        .asString(""), entry.path("event").asString(""), new TextTable.Cell(status, Colors.of(status)),
                        entry.path("operation_id").asString(""), DisplayFormat.line(entry.path("reason")));
            }
            return table;
        }, "Nobody did anything within " + DisplayFormat.span(since) + ".");
        return ExitCode.DONE;
    }
}
