package dev.longhaul.cli;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The times of a schedule: a cron line, an interval or one time.
final class ScheduleTimeOptions {

    @Option(names = "--cron", paramLabel = "LINE",
            description = "Five fields, or six with seconds first: '30 2 * * MON-FRI'.")
    private @Nullable String cron;

    @Option(names = "--zone", paramLabel = "ZONE",
            description = "Time zone of the cron line: Europe/Berlin; default: UTC.")
    private @Nullable String zone;

    @Option(names = "--every", paramLabel = "TIME", description = "Interval, from now on: 15m, 6h.")
    private @Nullable Duration every;

    @Option(names = "--at", paramLabel = "TIME", description = "Once, at this time: 2026-12-24T18:00:00Z.")
    private @Nullable Instant at;

    ObjectNode putInto(ObjectNode body) {
        SubmitOptions.put(body, "cron", cron);
        SubmitOptions.put(body, "zone", zone);
        SubmitOptions.put(body, "every", every);
        return SubmitOptions.put(body, "at", at);
    }

    static String of(JsonNode schedule) {
        if (schedule.hasNonNull("cron")) {
            return DisplayFormat.text(schedule, "cron") + " " + DisplayFormat.text(schedule, "zone");
        }
        return schedule.hasNonNull("every") ? "every " + DisplayFormat.text(schedule, "every")
                : "once " + DisplayFormat.text(schedule, "at");
    }
}
