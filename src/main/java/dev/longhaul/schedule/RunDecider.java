package dev.longhaul.schedule;

import dev.longhaul.schedule.RunTimes.RunTime;
import dev.longhaul.store.ScheduledRunStore.Active;
import dev.longhaul.store.ScheduledRunStore.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Decides for each run time of a schedule whether an operation starts, and states the reason if not.
final class RunDecider {

    private static final Duration MIN_REPORTED_DELAY = Duration.ofSeconds(10);

    private final Schedule schedule;
    private final List<Active> active;
    private final List<Decision> decisions = new ArrayList<>();
    private final List<UUID> toCancel = new ArrayList<>();
    private @Nullable Instant lastStartedAt;

    /// @param active unfinished operations of the schedule, oldest first; empty if its overlap policy is `allow`
    RunDecider(Schedule schedule, List<Active> active) {
        this.schedule = schedule;
        this.active = active;
    }

    /// @param toCancel operations to cancel for the started one
    record Decided(List<Decision> decisions, List<UUID> toCancel) {}

    Decided decide(RunTimes.Plan plan) {
        plan.runTimes().forEach(this::decide);
        return new Decided(decisions, toCancel);
    }

    private void decide(RunTime runTime) {
        var pause = schedule.pause();
        if (pause != null) {
            skip(runTime, "skipped", "paused by " + pause.by() + " since " + pause.since()
                    + (pause.reason() == null ? "" : ": " + pause.reason()));
            return;
        }
        if (runTime.missedReason() != null) {
            skip(runTime, "missed", runTime.missedReason());
            return;
        }
        var earlier = earlierOperation();
        switch (schedule.spec().overlap()) {
            case ALLOW -> start(runTime, "started", delayReason(runTime));
            case SKIP -> {
                if (earlier == null) {
                    start(runTime, "started", delayReason(runTime));
                } else {
                    skip(runTime, "skipped", earlier + " is unfinished");
                }
            }
            case QUEUE -> start(runTime, earlier == null ? "started" : "queued", earlier == null
                    ? delayReason(runTime) : earlier
                    + " is unfinished: it starts afterwards");
            case CANCEL_OLDER -> {
                if (lastStartedAt == null) {
                    active.forEach(one -> toCancel.add(one.operation()));
                    start(runTime, "started", earlier == null ? delayReason(runTime) : earlier
                            + " was unfinished and is cancelled");
                } else {
                    skip(runTime, "skipped", "the run of " + lastStartedAt
                            + " started instead");
                }
            }
        }
    }

    private @Nullable String earlierOperation() {
        if (lastStartedAt != null) {
            return "the operation of " + lastStartedAt;
        }
        return active.isEmpty() ? null : "operation " + active.getLast().operation() + " of " + active.getLast()
                .since();
    }

    private @Nullable String delayReason(RunTime runTime) {
        var delay = Duration.between(runTime.at(), schedule.readAt());
        return delay.compareTo(MIN_REPORTED_DELAY) < 0 ? null : "late by " + delay.toSeconds()
                + " s: no node was working";
    }

    private void start(RunTime runTime, String outcome, @Nullable String reason) {
        decisions.add(new Decision(schedule.id(), runTime.at(), outcome, reason, startAt(runTime.at()),
                schedule.spec().overlap() == OverlapPolicy.QUEUE));
        lastStartedAt = runTime.at();
    }

    private void skip(RunTime runTime, String outcome, String reason) {
        decisions.add(new Decision(schedule.id(), runTime.at(), outcome, reason, null, false));
    }

    /// The jitter of a run time is the same on every node.
    private Instant startAt(Instant at) {
        var jitter = schedule.spec().jitter().toMillis();
        return jitter == 0 ? at : at.plusMillis(new SplittableRandom(schedule.id().hashCode() ^ at.toEpochMilli())
                .nextLong(jitter));
    }
}
