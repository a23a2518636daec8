package dev.longhaul.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// How many operations there are, and how many came and went, hour by hour.
@CommandLine.Command(name = "stats", description =
        {"Tell how many operations there are of each type and queue, and how many came and went in each hour.",
        "A bar is what ended in an hour: █ completed, ▒ failed, ░ cancelled."})
class StatsCommand extends ServiceCommand {

    private static final List<String> STATUSES = List.of("pending", "running", "waiting", "completed", "failed",
            "cancelled");
    private static final List<String> ENDS = List.of("completed", "failed", "cancelled");
    private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("MM-dd HH:mm")
            .withZone(ZoneId.systemDefault());
    private static final int WIDEST = 40;

    @Option(names = {"-s", "--since"}, paramLabel = "TIME", defaultValue = "24h",
            description = "How far the hours go back: 6h, 7d; default: 24h.")
    private String since = "24h";

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    public Integer call() {
        var stats = api().get(ApiClient.path("/api/v1/stats", Map.of("window", since)));
        output.tell(stats, () -> now(stats.path("current")) + hours(stats.path("hourly")));
        return ExitCode.DONE;
    }

    private static String now(JsonNode numbers) {
        var rows = new LinkedHashMap<List<String>, Map<String, Long>>();
        numbers.forEach(number -> rows.computeIfAbsent(List.of(DisplayFormat.line(number.path("type")),
                DisplayFormat.line(number.path("queue"))), _ -> new HashMap<>())
                .merge(number.path("status").asString(""), number.path("count").asLong(0), Long::sum));
        if (rows.isEmpty()) {
            return "No operations yet.\n";
        }
        var table = new TextTable("TYPE", "QUEUE", "PENDING", "RUNNING", "WAITING", "COMPLETED", "FAILED", "CANCELLED");
        rows.forEach((of, counts) -> {
            var cells = new Object[2 + STATUSES.size()];
            cells[0] = of.get(0);
            cells[1] = of.get(1);
            for (var n = 0; n < STATUSES.size(); n++) {
                cells[2 + n] = counts.getOrDefault(STATUSES.get(n), 0L);
            }
            table.row(cells);
        });
        return table.text(TerminalCheck.hasColor());
    }

    /// All types and queues together; an hour in which nothing happened has its line too, so that a gap is seen.
    private String hours(JsonNode came) {
        var hours = new TreeMap<Instant, Map<String, Long>>();
        came.forEach(one -> hours.computeIfAbsent(Instant.parse(one.path("hour").asString("")), _ -> new HashMap<>())
                .merge(one.path("event").asString(""), one.path("count").asLong(0), Long::sum));
        if (hours.isEmpty()) {
            return "\nNothing came or went within " + since + ".\n";
        }
        for (var hour = hours.firstKey(); hour.isBefore(hours.lastKey()); hour = hour.plus(Duration.ofHours(1))) {
            hours.computeIfAbsent(hour, _ -> Map.of());
        }
        var most = Math.max(1, hours.values().stream().mapToLong(StatsCommand::ended).max().orElse(1));
        var table = new TextTable("HOUR", "SUBMITTED", "COMPLETED", "FAILED", "CANCELLED", "");
        hours.forEach((hour, numbers) -> table.row(HOUR.format(hour), numbers.getOrDefault("submitted", 0L),
                numbers.getOrDefault("completed", 0L), numbers.getOrDefault("failed", 0L),
                numbers.getOrDefault("cancelled", 0L), bar(numbers, most)));
        return "\n" + table.text(TerminalCheck.hasColor());
    }

    private static long ended(Map<String, Long> numbers) {
        return ENDS.stream().mapToLong(what -> numbers.getOrDefault(what, 0L)).sum();
    }

    /// Whatever happened at all is seen: each part has one cell at least.
    private static String bar(Map<String, Long> numbers, long most) {
        return part("█", numbers.getOrDefault("completed", 0L), most) + part("▒", numbers.getOrDefault("failed", 0L),
                most) + part("░", numbers.getOrDefault("cancelled", 0L), most);
    }

    private static String part(String cell, long number, long most) {
        return number == 0 ? "" : cell.repeat((int) Math.max(1, Math.round((double) number * WIDEST / most)));
    }
}
