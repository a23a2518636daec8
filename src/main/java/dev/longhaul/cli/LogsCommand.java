package dev.longhaul.cli;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// What an operation's task logged.
@CommandLine.Command(name = "logs", description = "Show what the task of an operation logged.")
class LogsCommand extends ServiceCommand {

    private static final int PAGE = 200;
    private static final long PACE_MILLIS = 1_000;

    @Parameters(paramLabel = "ID", description = "The operation.")
    private String id = "";

    @Option(names = {"-F", "-f", "--follow"}, description = "Go on with what is logged, until it is over.")
    private boolean follow;

    @Option(names = "--attempt", paramLabel = "N", description = "Of this attempt only.")
    private @Nullable Integer attempt;

    @Option(names = {"-l", "--level"}, paramLabel = "LEVEL",
            description = "Of this level or above: debug, info, warn, error.")
    private @Nullable String level;

    @Option(names = {"-g", "--grep"}, paramLabel = "TEXT", description = "Only lines that contain this.")
    private @Nullable String text;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    public Integer call() throws InterruptedException {
        var place = "";
        while (true) {
            // asked first: what is logged before the end is read after it
            var isOver = !follow || api().get(ApiClient.operation(id)).hasNonNull("finished_at");
            place = readOn(place);
            if (isOver) {
                return ExitCode.DONE;
            }
            Thread.sleep(PACE_MILLIS);
        }
    }

    /// @return where to go on
    private String readOn(String place) {
        while (true) {
            var page = api()
                    .get(ApiClient.path(ApiClient.operation(id) + "/logs", Map.of("after", place, "attempt",
                    Objects.requireNonNullElse(attempt, ""), "level", Objects.requireNonNullElse(level, ""),
                    "q", Objects.requireNonNullElse(text, ""), "limit", PAGE)));
            var lines = page.path("lines");
            for (var line : lines) {
                tell(line);
                place = String.valueOf(line.path("line").asInt());
            }
            if (lines.size() < PAGE) {
                return place;
            }
        }
    }

    private void tell(JsonNode line) {
        if (output.isForPrograms()) {
            System.out.println(ApiClient.json.writeValueAsString(line));
        } else {
            System.out.println(text("", line).strip());
        }
    }

    /// @param of what it is a line of
    static String text(String of, JsonNode line) {
        return "%s  %s  %-5s  #%d  %s".formatted(of, line.path("at").asString(""), line.path("level").asString(""),
                line.path("attempt").asInt(0), DisplayFormat.line(line.path("message")));
    }
}
