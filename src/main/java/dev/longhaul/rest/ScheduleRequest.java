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

/// What is to be started when.
record ScheduleRequest(
        @JsonPropertyDescription("Unique, e.g. nightly-import") @Size(min = 1, max = 200) String name,
        @JsonPropertyDescription("Five fields, or six with seconds first, e.g. 30 2 * * MON-FRI") @Size(min = 1,
                max = 200) @Nullable String cron,
        @JsonPropertyDescription("The zone whose wall clock cron is read by, e.g. Europe/Berlin; default: UTC") @Size(
        min = 1, max = 100) @Nullable String zone,
        @JsonPropertyDescription("Instead of cron: every so long, e.g. 15m") @Nullable Duration every,
        @JsonPropertyDescription("Instead of cron: once, at this moment") @Nullable Instant at,
        @JsonPropertyDescription(
                "Each operation starts up to so much later, by chance; default: 0s") @Nullable Duration jitter,
        @JsonPropertyDescription(
        "While an earlier operation is not over: skip (default), queue, cancel_older or allow") @Nullable String overlap,
        @JsonPropertyDescription(
        "Moments that passed while no node was at work: latest (default), skip or all") @Nullable String catchUp,
        @JsonPropertyDescription("What is started") SubmitRequest operation,
        @JsonPropertyDescription("Why, for the history") @Size(max = 2_000) @Nullable String reason) {

    /// @throws IllegalArgumentException if it cannot be understood
    ScheduleSpec terms(DatabaseClock clock) {
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
