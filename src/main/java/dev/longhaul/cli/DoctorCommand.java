package dev.longhaul.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Option;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/// Finds out what is wrong between here and the database.
@CommandLine.Command(name = "doctor", description =
        "Check the way to the service and the service itself: health, announcements, clocks, migrations, streams.")
class DoctorCommand extends ServiceCommand {

    private static final Duration SKEW = Duration.ofSeconds(5);
    private static final Duration FIRST_EVENT = Duration.ofSeconds(5);

    @Option(names = "--probe",
            description = "Only whether it is healthy, without a word: for a container's health check.")
    private boolean probe;

    private int exit = ExitCode.DONE;

    @Override
    public Integer call() {
        if (probe) {
            return isHealthy() ? ExitCode.DONE : ExitCode.UNREACHABLE;
        }
        var health = api().send("GET", "/health", Map.of(), null);
        tell("service", health.status() == 200, api().service() + ", version "
                + (health.body() == null ? "not told" : health.body().path("version").asString("")));
        clocks(health.headers().getOrDefault("date", ""));
        var details = api().send("GET", "/actuator/health", Map.of(), null);
        if (details.body() != null) {
            details.body().path("components").forEachEntry(this::component);
        }
        var info = api().send("GET", "/actuator/info", Map.of(), null);
        if (info.body() != null && info.body().has("schema")) {
            var schema = info.body().path("schema");
            tell("migrations", schema.path("pending").asInt(0) == 0, "schema version "
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
        tell(name, status.equals("UP") || status.equals("UNKNOWN"), status + shown);
    }

    /// The database's clock counts, so this is only about what people read here.
    private void clocks(String date) {
        try {
            var theirs = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            var skew = Duration.between(theirs, Instant.now()).abs();
            tell("clocks", skew.compareTo(SKEW) < 0, "this machine and the service differ by "
                    + (skew.toSeconds() < 2 ? "less than 2s" : DisplayFormat.span(skew)));
        } catch (DateTimeParseException none) {
            tell("clocks", true, "the service does not tell the time");
        }
    }

    /// A proxy that buffers lets the head of a stream through and holds back its first event.
    private void stream() {
        var begun = System.nanoTime();
        var came = new CountDownLatch(1);
        var reader = Thread.ofVirtual().start(() -> {
            try {
                new EventStreamReader(api(), "/api/v1/events").follow(new EventStreamReader.Ear() {
                    @Override
                    public boolean hear(String event, JsonNode data) {
                        came.countDown();
                        return false;
                    }

                    @Override
                    public void lost(String why) {
                        // then there is no first event in time
                    }
                });
            } catch (InterruptedException tooLong) {
                Thread.currentThread().interrupt();
            } catch (CliError refused) {
                // then there is no event either
            }
        });
        try {
            var isThere = came.await(FIRST_EVENT.toMillis(), TimeUnit.MILLISECONDS);
            tell("streams", isThere, isThere ? "the first event after " + Duration.ofNanos(System.nanoTime() - begun)
                    .toMillis() + " ms"
                    : "no event within " + FIRST_EVENT.toSeconds() + "s; is there a proxy in between that buffers?");
            reader.interrupt();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(String what, boolean good, String found) {
        if (!good) {
            exit = ExitCode.FAILED;
        }
        var mark = good ? "✓" : "✗";
        System.out.println((TerminalCheck.hasColor() ? (good ? Colors.GOOD : Colors.BAD).on(mark) : mark) + " "
                + "%-15s".formatted(what) + " " + found);
    }
}
