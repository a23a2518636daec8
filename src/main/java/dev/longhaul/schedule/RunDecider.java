package dev.longhaul.schedule;

import dev.longhaul.schedule.RunTimes.Moment;
import dev.longhaul.store.ScheduledRunStore.Active;
import dev.longhaul.store.ScheduledRunStore.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Decides the moments of one schedule: what is started, and for what is not, why.
final class RunDecider {

    private static final Duration WORTH_TELLING = Duration.ofSeconds(10);

    private final Schedule schedule;
    private final List<Active> active;
    private final List<Decision> decisions = new ArrayList<>();
    private final List<UUID> toCancel = new ArrayList<>();
    private @Nullable Instant startedHere;

    /// @param active its operations that are not over, oldest first; not asked for if it does not mind them
    RunDecider(Schedule schedule, List<Active> active) {
        this.schedule = schedule;
        this.active = active;
    }

    /// @param toCancel operations that make room for what is started
    record Decided(List<Decision> decisions, List<UUID> toCancel) {}

    Decided decide(RunTimes.Plan plan) {
        plan.moments().forEach(this::decide);
        return new Decided(decisions, toCancel);
    }

    private void decide(Moment moment) {
        var pause = schedule.pause();
        if (pause != null) {
            none(moment, "skipped", "paused by " + pause.by() + " since " + pause.since()
                    + (pause.reason() == null ? "" : ": " + pause.reason()));
            return;
        }
        if (moment.missed() != null) {
            none(moment, "missed", moment.missed());
            return;
        }
        var older = older();
        switch (schedule.terms().overlap()) {
            case ALLOW -> start(moment, "started", late(moment));
            case SKIP -> {
                if (older == null) {
                    start(moment, "started", late(moment));
                } else {
                    none(moment, "skipped", older + " is not over");
                }
            }
            case QUEUE -> start(moment, older == null ? "started" : "queued", older == null ? late(moment) : older
                    + " is not over: it starts after it");
            case CANCEL_OLDER -> {
                if (startedHere == null) {
                    active.forEach(one -> toCancel.add(one.operation()));
                    start(moment, "started", older == null ? late(moment) : older
                            + " was not over and is cancelled for it");
                } else {
                    none(moment, "skipped", "the moment at " + startedHere
                            + ", decided together with it, was made up for instead");
                }
            }
        }
    }

    private @Nullable String older() {
        if (startedHere != null) {
            return "the operation of " + startedHere;
        }
        return active.isEmpty() ? null : "operation " + active.getLast().operation() + " of " + active.getLast()
                .since();
    }

    private @Nullable String late(Moment moment) {
        var late = Duration.between(moment.at(), schedule.readAt());
        return late.compareTo(WORTH_TELLING) < 0 ? null : "late by " + late.toSeconds() + " s: no node was at work";
    }

    private void start(Moment moment, String outcome, @Nullable String reason) {
        decisions.add(new Decision(schedule.id(), moment.at(), outcome, reason, startAt(moment.at()),
                schedule.terms().overlap() == OverlapPolicy.QUEUE));
        startedHere = moment.at();
    }

    private void none(Moment moment, String outcome, String reason) {
        decisions.add(new Decision(schedule.id(), moment.at(), outcome, reason, null, false));
    }

    /// The jitter of a moment is drawn once and for all, whoever decides it.
    private Instant startAt(Instant at) {
        var jitter = schedule.terms().jitter().toMillis();
        return jitter == 0 ? at : at.plusMillis(new SplittableRandom(schedule.id().hashCode() ^ at.toEpochMilli())
                .nextLong(jitter));
    }
}
