package dev.longhaul.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@CommandLine.Command(name = "stats", description =
        {"Count the operations by type and queue, and those submitted and finished in each hour.",
            "A bar shows the ends of an hour: █ completed, ▒ failed, ░ cancelled."})
class StatsCommand extends OutputCommand {

    private static final List<String> STATUSES = List.of("pending", "running", "waiting", "completed", "failed",
            "cancelled");
    private static final List<String> ENDS = List.of("completed", "failed", "cancelled");
    private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("MM-dd HH:mm", Locale.ROOT)
            .withZone(ZoneId.systemDefault());
    private static final int WIDEST = 40;

    @Option(names = {"-s", "--since"}, paramLabel = "TIME", defaultValue = "24h",
            description = "How far back: 6h, 7d; default: 24h.")
    private String since = "24h";

    @Override
    public Integer call() {
        return print(api().get(ApiClient.path("/api/v1/stats", Map.of("window", since))),
                stats -> now(stats.path("current")) + hours(stats.path("hourly")));
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

    /// Over all types and queues. An hour without operations has its row too.
    private String hours(JsonNode numbersOfHours) {
        var hours = new TreeMap<Instant, Map<String, Long>>();
        numbersOfHours.forEach(one -> hours.computeIfAbsent(Instant.parse(one.path("hour").asString("")),
                _ -> new HashMap<>())
                .merge(one.path("event").asString(""), one.path("count").asLong(0), Long::sum));
        if (hours.isEmpty()) {
            return "\nNo operation was submitted or finished in the last " + since + ".\n";
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

    /// A part that is not 0 has at least one cell.
    private static String bar(Map<String, Long> numbers, long most) {
        return part("█", numbers.getOrDefault("completed", 0L), most) + part("▒", numbers.getOrDefault("failed", 0L),
                most) + part("░", numbers.getOrDefault("cancelled", 0L), most);
    }

    private static String part(String cell, long number, long most) {
        return number == 0 ? "" : cell.repeat((int) Math.max(1, Math.round((double) number * WIDEST / most)));
    }
}
