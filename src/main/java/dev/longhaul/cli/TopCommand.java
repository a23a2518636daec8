package dev.longhaul.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jline.utils.AttributedString;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@CommandLine.Command(name = "top",
        description = {"Show queues, workers and running operations on one screen.",
            "Keys: q quits, space freezes the display, up and down scroll."})
class TopCommand extends ServiceCommand {

    private static final int MOST = 200;
    private static final int UP = 'A';
    private static final int DOWN = 'B';

    @Option(names = "--every", paramLabel = "TIME", defaultValue = "1s",
            description = "Refresh interval; default: 1s.")
    private Duration every = Duration.ofSeconds(1);

    private int from;
    private boolean isFrozen;

    /// @param health of the service, with its queues and workers
    /// @param error  why nothing could be read
    private record Snapshot(List<JsonNode> operations, JsonNode health, @Nullable String error) {}

    @Override
    public Integer call() throws IOException {
        if (!TerminalCheck.isTerminal()) {
            throw new CliError(ExitCode.USAGE,
                    "top needs a terminal; programs use ls, queues and workers with -o json");
        }
        var snapshot = read();
        if (snapshot.error != null) {
            throw new CliError(ExitCode.UNREACHABLE, snapshot.error);
        }
        try (var display = new LiveDisplay(true)) {
            var readAt = System.nanoTime();
            while (true) {
                display.measure();
                display.paint(lines(snapshot, display.width(), display.height()));
                if (!isContinued(display.key(100), display)) {
                    return ExitCode.DONE;
                }
                if (!isFrozen && System.nanoTime() - readAt >= every.toNanos()) {
                    snapshot = read();
                    readAt = System.nanoTime();
                }
            }
        }
    }

    /// @return false: quit
    private boolean isContinued(int key, LiveDisplay display) throws IOException {
        switch (key) {
            case 'q', 'Q' -> {
                return false;
            }
            case ' ' -> isFrozen = !isFrozen;
            case 'j' -> from++;
            case 'k' -> from--;
            case 27 -> {
                if (display.key(10) == '[') {
                    var arrow = display.key(10);
                    from += arrow == DOWN ? 1 : arrow == UP ? -1 : 0;
                }
            }
            default -> { }   // no key, or one without a meaning
        }
        from = Math.max(0, from);
        return true;
    }

    private Snapshot read() {
        try {
            var operations = OperationsCommand.find(api(), "status:running,waiting,pending", MOST).stream()
                    .sorted(Comparator.comparingInt(TopCommand::rank)).toList();
            var health = api().send("GET", "/actuator/health", Map.of(), null).body();
            return new Snapshot(operations, health == null
                    ? ApiClient.json.createObjectNode() : health.path("components"), null);
        } catch (CliError away) {
            return new Snapshot(List.of(), ApiClient.json.createObjectNode(), away.getMessage());
        }
    }

    /// Running operations first, then those that wait for an answer.
    private static int rank(JsonNode operation) {
        return switch (operation.path("status").asString("")) {
            case "running" -> 0;
            case "waiting" -> 1;
            default -> 2;
        };
    }

    private List<AttributedString> lines(Snapshot snapshot, int width, int height) {
        var lines = new ArrayList<AttributedString>();
        lines.add(head(snapshot, width));
        lines.add(AttributedString.EMPTY);
        snapshot.health.path("backlog").path("details").path("queues").propertyStream().limit(Math.max(1, height / 4))
                .forEach(queue ->
                lines.add(line(Colors.PLAIN, width, "queue %-24s  %6d ready  oldest %s"
                        .formatted(DisplayFormat.cut(DisplayFormat.line(queue.getKey()), 24),
                        queue.getValue().path("depth")
                        .asLong(0), DisplayFormat.span(queue.getValue().path("oldest_seconds"))))));
        lines.add(AttributedString.EMPTY);
        var room = Math.max(1, height - lines.size() - 1);
        from = Math.clamp(from, 0, Math.max(0, snapshot.operations.size() - room));
        snapshot.operations.stream().skip(from).limit(room)
                .forEach(operation -> lines.add(ProgressBar.of(operation, width, TerminalCheck.hasColor())));
        if (snapshot.operations.isEmpty()) {
            lines.add(line(Colors.DIM, width, snapshot.error == null ? "No operation is running." : snapshot.error
                    + "; retrying"));
        }
        return lines;
    }

    private AttributedString head(Snapshot snapshot, int width) {
        var counts = snapshot.operations.stream()
                .collect(Collectors.groupingBy(operation -> operation.path("status").asString(""),
                Collectors.counting()));
        var more = snapshot.operations.size() == MOST ? "+" : "";
        return line(Colors.STRONG, width, "Longhaul %s   running %d%s  waiting %d%s  pending %d%s   workers %d   %s"
                .formatted(api().service(), counts.getOrDefault("running", 0L), more,
                counts.getOrDefault("waiting", 0L), more, counts.getOrDefault("pending", 0L), more,
                snapshot.health.path("leases").path("details").path("alive").asInt(0),
                isFrozen ? "❚❚ frozen" : "● live"));
    }

    private static AttributedString line(Colors paint, int width, String text) {
        return AttributedString.fromAnsi(TerminalCheck.hasColor() ? paint.on(text) : text).columnSubSequence(0, width);
    }
}
