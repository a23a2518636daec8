package dev.longhaul.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

@CommandLine.Command(name = "doctor", description =
        "Check the connection to the service and the service: health, notifications, clocks, migrations, streams.")
class DoctorCommand extends ServiceCommand {

    private static final Duration SKEW = Duration.ofSeconds(5);
    private static final Duration FIRST_EVENT = Duration.ofSeconds(5);

    @Option(names = "--probe",
            description = "Only set the exit code, for a container's health check.")
    private boolean probe;

    private int exit = ExitCode.DONE;

    @Override
    public Integer call() {
        if (probe) {
            return isHealthy() ? ExitCode.DONE : ExitCode.UNREACHABLE;
        }
        var health = api().send("GET", "/health", Map.of(), null);
        print("service", health.status() == 200, api().service() + ", version "
                + (health.body() == null ? "unknown" : health.body().path("version").asString("")));
        clocks(health.headers().getOrDefault("date", ""));
        var details = api().send("GET", "/actuator/health", Map.of(), null);
        if (details.body() != null) {
            details.body().path("components").forEachEntry(this::component);
        }
        var info = api().send("GET", "/actuator/info", Map.of(), null);
        if (info.body() != null && info.body().has("schema")) {
            var schema = info.body().path("schema");
            print("migrations", schema.path("pending").asInt(0) == 0, "schema version "
                    + schema.path("version").asString("") + ", " + schema.path("pending").asInt(0) + " pending");
        }
        stream();
        return exit;
    }

    private boolean isHealthy() {
        try {
            return api().send("GET", "/health", Map.of(), null, Duration.ofSeconds(3)).status() == 200;
        } catch (CliError away) {
            return false;
        }
    }

    private void component(String name, JsonNode component) {
        var status = component.path("status").asString("");
        var details = component.path("details");
        var shown = details.isObject() && !name.equals("ssl") && !name.equals("diskSpace") && !name.equals("db")
                ? "  " + DisplayFormat.cut(details.toString().replace("\"", ""), 110) : "";
        print(name, status.equals("UP") || status.equals("UNKNOWN"), status + shown);
    }

    /// Only for times that people compare: the service itself uses the database's clock.
    private void clocks(String date) {
        try {
            var time = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            var skew = Duration.between(time, Instant.now()).abs();
            print("clocks", skew.compareTo(SKEW) < 0, "this machine and the service differ by "
                    + (skew.toSeconds() < 2 ? "less than 2s" : DisplayFormat.span(skew)));
        } catch (DateTimeParseException none) {
            print("clocks", true, "the service sends no Date header");
        }
    }

    /// A buffering proxy passes the headers of a stream and holds back its first event.
    private void stream() {
        var start = System.nanoTime();
        try {
            var exchange = api().open("GET", "/api/v1/events", FIRST_EVENT);
            exchange.setRequestProperty("Accept", "text/event-stream");
            try (var lines = new BufferedReader(new InputStreamReader(exchange.getInputStream(), UTF_8))) {
                var isInTime = lines.lines().anyMatch(line -> line.startsWith("data:"));
                print("streams", isInTime, "the first event after "
                        + Duration.ofNanos(System.nanoTime() - start).toMillis() + " ms");
            }
        } catch (IOException | UncheckedIOException late) {
            print("streams", false, "no event within " + FIRST_EVENT.toSeconds()
                    + "s; does a proxy buffer the stream?");
        }
    }

    private void print(String check, boolean isGood, String found) {
        if (!isGood) {
            exit = ExitCode.FAILED;
        }
        var mark = isGood ? "✓" : "✗";
        System.out.println((TerminalCheck.hasColor() ? (isGood ? Colors.GOOD : Colors.BAD).on(mark) : mark) + " "
                + "%-15s".formatted(check) + " " + found);
    }
}
