package dev.longhaul.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The run times of a schedule that are due, and which of them its catch-up policy skips.
final class RunTimes {

    /// Run times of a schedule per transaction; with catch-up policy `all`, the next transaction continues.
    private static final int MAX_RUN_TIMES = 100;

    private final Schedule schedule;
    private final Duration misfireThreshold;

    RunTimes(Schedule schedule, Duration misfireThreshold) {
        this.schedule = schedule;
        this.misfireThreshold = misfireThreshold;
    }

    /// @param missedReason null: the run is started
    record RunTime(Instant at, @Nullable String missedReason) {}

    /// @param next the next run time after them; null: none
    /// @param last the last of them
    record Plan(List<RunTime> runTimes, @Nullable Instant next, Instant last) {}

    Plan plan() {
        var timing = schedule.spec().timing();
        var now = schedule.readAt();
        var first = schedule.nextRunAt();
        var due = new ArrayList<Instant>();
        for (var at = first; at != null && !at.isAfter(now) && due.size() < MAX_RUN_TIMES; at =
                timing.next(at).orElse(null)) {
            due.add(at);
        }
        var next = timing.next(due.getLast()).orElse(null);
        if (next == null || next.isAfter(now) || schedule.pause() == null && schedule.spec().catchUp()
                == CatchUpPolicy.ALL) {
            return new Plan(withMissedReason(due), next, due.getLast());
        }
        // Too many for a row each: decide the latest, and write one row for those in between.
        var last = timing.last(next, now);
        var runTimes = new ArrayList<>(withMissedReason(due));
        if (last.isAfter(next)) {
            runTimes.add(new RunTime(next, missedReason() + ", as were all runs until " + last));
        }
        runTimes.addAll(withMissedReason(List.of(last)));
        return new Plan(runTimes, timing.next(last).orElse(null), last);
    }

    private List<RunTime> withMissedReason(List<Instant> due) {
        return due.stream().map(at -> new RunTime(at, isStarted(at) ? null : missedReason())).toList();
    }

    private boolean isStarted(Instant at) {
        if (!at.isBefore(schedule.readAt().minus(misfireThreshold))) {
            return true;
        }
        return switch (schedule.spec().catchUp()) {
            case SKIP -> false;
            case LATEST -> schedule.spec().timing().next(at).map(next -> next.isAfter(schedule.readAt())).orElse(true);
            case ALL -> true;
        };
    }

    private String missedReason() {
        return "no node was working for more than " + misfireThreshold.toSeconds() + " s";
    }
}
