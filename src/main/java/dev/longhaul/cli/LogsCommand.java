package dev.longhaul.cli;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@CommandLine.Command(name = "logs", description = "Show the log of an operation's task.")
class LogsCommand extends ItemCommand {

    private static final long POLL_MILLIS = 1_000;

    @Option(names = {"-F", "-f", "--follow"}, description = "Follow the log until the operation has ended.")
    private boolean follow;

    @Option(names = "--attempt", paramLabel = "N", description = "Lines of this attempt only.")
    private @Nullable Integer attempt;

    @Option(names = {"-l", "--level"}, paramLabel = "LEVEL",
            description = "Lines of this level or above: debug, info, warn, error.")
    private @Nullable String level;

    @Option(names = {"-g", "--grep"}, paramLabel = "TEXT", description = "Only lines that contain this text.")
    private @Nullable String text;

    @Override
    public Integer call() throws InterruptedException {
        var after = "";
        while (true) {
            // read before the log, so that no line before the end is missed
            var isLast = !follow || api().get(path()).hasNonNull("finished_at");
            after = printAfter(after);
            if (isLast) {
                return ExitCode.DONE;
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    /// @return number of the last line
    private String printAfter(String after) {
        while (true) {
            var lines = api().get(ApiClient.path(path() + "/logs", Map.of("after", after,
                    "attempt", Objects.requireNonNullElse(attempt, ""), "level", ListCommand.text(level),
                    "q", ListCommand.text(text), "limit", ApiClient.LARGEST_PAGE))).path("lines");
            for (var line : lines) {
                System.out.println(output().isForPrograms() ? ApiClient.json.writeValueAsString(line)
                        : text("", line).strip());
                after = line.path("line").toString();
            }
            if (lines.size() < ApiClient.LARGEST_PAGE) {
                return after;
            }
        }
    }

    /// @param label put before the line, e.g. the operation's id
    static String text(String label, JsonNode line) {
        return "%s  %s  %-5s  #%d  %s".formatted(label, DisplayFormat.text(line, "at"),
                DisplayFormat.text(line, "level"), line.path("attempt").asInt(0), DisplayFormat.text(line, "message"));
    }
}
