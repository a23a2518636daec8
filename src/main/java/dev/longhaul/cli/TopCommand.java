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

/// The whole service on one screen, until `q`.
@CommandLine.Command(name = "top",
        description = {"The whole service on one screen: queues, workers, and what runs now.",
        "Keys: q leaves, space holds the picture, up and down scroll."})
class TopCommand extends ServiceCommand {

    private static final int MOST = 200;
    private static final int UP = 'A';
    private static final int DOWN = 'B';

    @Option(names = "--every", paramLabel = "TIME", defaultValue = "1s",
            description = "How often to look; default: 1s.")
    private Duration every = Duration.ofSeconds(1);

    private int from;
    private boolean held;

    /// What was found at one look.
    ///
    /// @param health  of the service, with its queues and workers
    /// @param trouble why there is nothing, e.g. that the service is away
    private record Picture(List<JsonNode> operations, JsonNode health, @Nullable String trouble) {}

    @Override
    public Integer call() throws IOException {
        if (!TerminalCheck.isTerminal()) {
            throw new CliError(ExitCode.USAGE,
                    "top needs a terminal; for programs there are ls, queues and workers with -o json");
        }
        var picture = look();
        if (picture.trouble != null) {
            throw new CliError(ExitCode.UNREACHABLE, picture.trouble);
        }
        try (var canvas = new LiveDisplay(true)) {
            var lookedAt = System.nanoTime();
            while (true) {
                canvas.measure();
                canvas.paint(lines(picture, canvas.width(), canvas.height()));
                if (!heed(canvas.key(100), canvas)) {
                    return ExitCode.DONE;
                }
                if (!held && System.nanoTime() - lookedAt >= every.toNanos()) {
                    picture = look();
                    lookedAt = System.nanoTime();
                }
            }
        }
    }

    /// @return false: enough
    private boolean heed(int key, LiveDisplay canvas) throws IOException {
        switch (key) {
            case 'q', 'Q' -> {
                return false;
            }
            case ' ' -> held = !held;
            case 'j' -> from++;
            case 'k' -> from--;
            case 27 -> {
                if (canvas.key(10) == '[') {
                    var arrow = canvas.key(10);
                    from += arrow == DOWN ? 1 : arrow == UP ? -1 : 0;
                }
            }
            default -> { }   // no key, or none of ours
        }
        from = Math.max(0, from);
        return true;
    }

    private Picture look() {
        try {
            var operations = ListCommand.find(api(), "status:running,waiting,pending", MOST).stream()
                    .sorted(Comparator.comparingInt(TopCommand::rank)).toList();
            var health = api().send("GET", "/actuator/health", Map.of(), null).body();
            return new Picture(operations, health == null
                    ? ApiClient.json.createObjectNode() : health.path("components"), null);
        } catch (CliError away) {
            return new Picture(List.of(), ApiClient.json.createObjectNode(), away.getMessage());
        }
    }

    /// What runs first, then what waits for somebody.
    private static int rank(JsonNode operation) {
        return switch (operation.path("status").asString("")) {
            case "running" -> 0;
            case "waiting" -> 1;
            default -> 2;
        };
    }

    private List<AttributedString> lines(Picture picture, int width, int height) {
        var lines = new ArrayList<AttributedString>();
        lines.add(head(picture, width));
        lines.add(AttributedString.EMPTY);
        picture.health.path("backlog").path("details").path("queues").propertyStream().limit(Math.max(1, height / 4))
                .forEach(queue ->
                lines.add(line(Colors.PLAIN, width, "queue %-24s  could run %-8d  oldest %s"
                        .formatted(DisplayFormat.cut(DisplayFormat.line(queue.getKey()), 24),
                        queue.getValue().path("depth")
                        .asLong(0), DisplayFormat.span(queue.getValue().path("oldest_seconds"))))));
        lines.add(AttributedString.EMPTY);
        var room = Math.max(1, height - lines.size() - 1);
        from = Math.clamp(from, 0, Math.max(0, picture.operations.size() - room));
        picture.operations.stream().skip(from).limit(room)
                .forEach(operation -> lines.add(ProgressBar.of(operation, width, TerminalCheck.hasColor())));
        if (picture.operations.isEmpty()) {
            lines.add(line(Colors.DIM, width, picture.trouble == null ? "Nothing is under way." : picture.trouble
                    + "; trying again"));
        }
        return lines;
    }

    private AttributedString head(Picture picture, int width) {
        var counts = picture.operations.stream()
                .collect(Collectors.groupingBy(operation -> operation.path("status").asString(""),
                Collectors.counting()));
        var more = picture.operations.size() == MOST ? "+" : "";
        return line(Colors.STRONG, width, "Longhaul %s   running %d%s  waiting %d%s  pending %d%s   workers %d   %s"
                .formatted(api().service(), counts.getOrDefault("running", 0L), more,
                counts.getOrDefault("waiting", 0L), more, counts.getOrDefault("pending", 0L), more,
                picture.health.path("leases").path("details").path("alive").asInt(0),
                held ? "❚❚ held" : "● live"));
    }

    private static AttributedString line(Colors paint, int width, String text) {
        return AttributedString.fromAnsi(TerminalCheck.hasColor() ? paint.on(text) : text).columnSubSequence(0, width);
    }
}
