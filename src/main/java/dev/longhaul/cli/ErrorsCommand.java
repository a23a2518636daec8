package dev.longhaul.cli;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Why operations fail.
@CommandLine.Command(name = "errors",
        description =
        {"Tell why operations fail: the same failures of the same type together, whatever numbers and ids are in "
        + "their messages.",
        "The id is that of the last one: longhaul get and logs show more of it."})
class ErrorsCommand extends ServiceCommand {

    @Option(names = {"-s", "--since"}, paramLabel = "TIME", defaultValue = "24h",
            description = "Of operations that were submitted within so long: 6h, 7d; default: 24h.")
    private Duration since = Duration.ofDays(1);

    @Option(names = "--type", paramLabel = "TYPE", description = "Of this type only.")
    private @Nullable String type;

    @Option(names = {"-n", "--limit"}, paramLabel = "N", defaultValue = "50",
            description = "At most so many groups; default: 50.")
    private int limit;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    public Integer call() {
        var groups = api().get(ApiClient.path("/api/v1/error-groups", Map.of("since", since, "type", type == null
                ? "" : type, "limit", limit))).path("error_groups").valueStream().toList();
        output.tellAll(groups, () -> {
            var table = new TextTable("COUNT", "TYPE", "LAST", "FIRST", "ID OF THE LAST", "ERROR", "MESSAGE");
            for (var group : groups) {
                var name = DisplayFormat.line(group.path("error_type"));
                var message = DisplayFormat.line(group.path("message"));
                table.row(group.path("count").asLong(0), DisplayFormat.line(group.path("type")),
                        DisplayFormat.ago(group.path("last_at"), OutputOptions.now()),
                        DisplayFormat.ago(group.path("first_at"), OutputOptions.now()),
                        group.path("last_operation_id").asString(""), output.isWide()
                        ? name : name.substring(name.lastIndexOf('.') + 1), output.isWide()
                        ? message : DisplayFormat.cut(message, 60));
            }
            return table;
        }, "Nothing failed within " + DisplayFormat.span(since) + ".");
        return ExitCode.DONE;
    }
}
