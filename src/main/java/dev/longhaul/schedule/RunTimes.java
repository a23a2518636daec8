package dev.longhaul.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which moments of a schedule have come by now, and what its catch-up policy makes of the late ones.
final class RunTimes {

    /// So many moments of one schedule are decided in one round; a policy that wants all of them goes on in the next.
    private static final int MOST = 100;

    private final Schedule schedule;
    private final Duration grace;

    RunTimes(Schedule schedule, Duration grace) {
        this.schedule = schedule;
        this.grace = grace;
    }

    /// One moment, and why nothing is to be started for it; null: it is to be started.
    record Moment(Instant at, @Nullable String missed) {}

    /// @param next the moment after them; null: there is none
    /// @param last the last of them
    record Plan(List<Moment> moments, @Nullable Instant next, Instant last) {}

    Plan plan() {
        var timing = schedule.terms().timing();
        var now = schedule.readAt();
        var first = schedule.nextFire();
        var come = new ArrayList<Instant>();
        for (var at = first; at != null && !at.isAfter(now) && come.size() < MOST; at = timing.next(at).orElse(null)) {
            come.add(at);
        }
        var next = timing.next(come.getLast()).orElse(null);
        if (next == null || next.isAfter(now) || schedule.pause() == null && schedule.terms().catchUp()
                == CatchUpPolicy.ALL) {
            return new Plan(judged(come), next, come.getLast());
        }
        // There are more than are worth a row each: the last one is decided, and one row tells of those between.
        var last = timing.last(next, now);
        var moments = new ArrayList<>(judged(come));
        if (last.isAfter(next)) {
            moments.add(new Moment(next, missed() + ", as were all moments from here to " + last));
        }
        moments.addAll(judged(List.of(last)));
        return new Plan(moments, timing.next(last).orElse(null), last);
    }

    private List<Moment> judged(List<Instant> come) {
        return come.stream().map(at -> new Moment(at, isStarted(at) ? null : missed())).toList();
    }

    private boolean isStarted(Instant at) {
        if (!at.isBefore(schedule.readAt().minus(grace))) {
            return true;
        }
        return switch (schedule.terms().catchUp()) {
            case SKIP -> false;
            case LATEST -> schedule.terms().timing().next(at).map(next -> next.isAfter(schedule.readAt())).orElse(true);
            case ALL -> true;
        };
    }

    private String missed() {
        return "no node was at work then, and for longer than " + grace.toSeconds() + " s";
    }
}
