package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.schedule.CatchUpPolicy;
import dev.longhaul.schedule.OverlapPolicy;
import dev.longhaul.schedule.ScheduleSpec;
import dev.longhaul.schedule.Timing;
import dev.longhaul.store.DatabaseClock;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A schedule to be created or replaced: when, and which operation.
record ScheduleRequest(
        @JsonPropertyDescription("Unique, e.g. nightly-import") @Size(min = 1, max = 200) String name,
        @JsonPropertyDescription("Five fields, or six with seconds first, e.g. 30 2 * * MON-FRI") @Size(min = 1,
                max = 200) @Nullable String cron,
        @JsonPropertyDescription("Time zone of cron, e.g. Europe/Berlin; default: UTC") @Size(
        min = 1, max = 100) @Nullable String zone,
        @JsonPropertyDescription("Instead of cron: an interval, e.g. 15m") @Nullable Duration every,
        @JsonPropertyDescription("Instead of cron: once, at this time") @Nullable Instant at,
        @JsonPropertyDescription(
                "Maximum random delay of each run; default: 0s") @Nullable Duration jitter,
        @JsonPropertyDescription(
        "While an earlier run is unfinished: skip (default), queue, cancel_older or allow") @Nullable String overlap,
        @JsonPropertyDescription(
        "Runs that were due while no node was running: latest (default), skip or all") @Nullable String catchUp,
        @JsonPropertyDescription("The operation that each run submits") SubmitRequest operation,
        @JsonPropertyDescription("For the history") @Size(max = 2_000) @Nullable String reason) {

    /// @throws IllegalArgumentException if members are invalid or contradict each other
    ScheduleSpec spec(DatabaseClock clock) {
        return new ScheduleSpec(name, timing(cron, zone, every, at, clock.now()), jitter == null
                ? Duration.ZERO : jitter, overlap == null ? OverlapPolicy.SKIP : OverlapPolicy.parse(overlap),
                catchUp == null ? CatchUpPolicy.LATEST : CatchUpPolicy.parse(catchUp), operation.submission(clock));
    }

    static Timing timing(@Nullable String cron, @Nullable String zone, @Nullable Duration every, @Nullable Instant at,
            Instant now) {
        if (Stream.of(cron, every, at).filter(when -> when != null).count() != 1) {
            throw new IllegalArgumentException("expected one of cron, every and at");
        }
        if (cron != null) {
            return Timing.Cron.of(cron, zone == null ? "UTC" : zone);
        }
        if (zone != null) {
            throw new IllegalArgumentException("a zone goes with cron; every and at need none");
        }
        return every == null ? new Timing.Once(at) : new Timing.Every(every, now);
    }
}
