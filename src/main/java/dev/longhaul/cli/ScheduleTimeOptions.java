package dev.longhaul.cli;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// When a schedule is due: one of a cron line, an interval and a moment.
final class ScheduleTimeOptions {

    @Option(names = "--cron", paramLabel = "LINE",
            description = "Five fields, or six with seconds first: '30 2 * * MON-FRI'.")
    private @Nullable String cron;

    @Option(names = "--zone", paramLabel = "ZONE",
            description = "Whose wall clock the cron line is read by: Europe/Berlin; default: UTC.")
    private @Nullable String zone;

    @Option(names = "--every", paramLabel = "TIME", description = "Every so long from now on: 15m, 6h.")
    private @Nullable Duration every;

    @Option(names = "--at", paramLabel = "MOMENT", description = "Once: 2026-12-24T18:00:00Z.")
    private @Nullable Instant at;

    void putInto(ObjectNode body) {
        SubmitOptions.put(body, "cron", cron);
        SubmitOptions.put(body, "zone", zone);
        SubmitOptions.put(body, "every", every);
        SubmitOptions.put(body, "at", at);
    }

    /// Of a schedule that is there, as people say it.
    static String of(JsonNode schedule) {
        if (schedule.hasNonNull("cron")) {
            return schedule.path("cron").asString("") + " " + schedule.path("zone").asString("");
        }
        return schedule.hasNonNull("every") ? "every " + schedule.path("every").asString("") : "once "
                + schedule.path("at").asString("");
    }
}
