package dev.longhaul.schedule;

import dev.longhaul.operation.InvalidMember;
import dev.longhaul.operation.Submission;
import dev.longhaul.operation.Text;
import java.time.Duration;

/// What a schedule starts, and when.
///
/// @param name   unique, 1 to 200 characters, e.g. `nightly-import`
/// @param jitter maximum random delay of a start, 0 to a day
/// @param work   operation to start; of its limits only `maxAttempts` and `timeout` are used
public record ScheduleSpec(String name, Timing timing, Duration jitter, OverlapPolicy overlap, CatchUpPolicy catchUp,
        Submission work) {

    private static final Duration MAX_JITTER = Duration.ofDays(1);

    public ScheduleSpec {
        Text.storable("name", name, 200);
        if (name.isBlank()) {
            throw new IllegalArgumentException("name must not be blank");
        }
        if (jitter.isNegative() || jitter.compareTo(MAX_JITTER) > 0) {
            throw new InvalidMember("/jitter", "jitter must be between 0 and a day, not " + jitter);
        }
        if (work.idempotencyKey() != null || work.runAt() != null || work.concurrency() != null) {
            throw new InvalidMember("/operation",
                    "the operation of a schedule must not have an idempotency key, run_at "
                    + "or " + "concurrency");
        }
    }

    ScheduleSpec withWork(Submission work) {
        return new ScheduleSpec(name, timing, jitter, overlap, catchUp, work);
    }

    public static ScheduleSpec of(String name, Timing timing, Submission work) {
        return new ScheduleSpec(name, timing, Duration.ZERO, OverlapPolicy.SKIP, CatchUpPolicy.LATEST, work);
    }

    public ScheduleSpec withOverlap(OverlapPolicy overlap) {
        return new ScheduleSpec(name, timing, jitter, overlap, catchUp, work);
    }

    public ScheduleSpec withCatchUp(CatchUpPolicy catchUp) {
        return new ScheduleSpec(name, timing, jitter, overlap, catchUp, work);
    }

    public ScheduleSpec withJitter(Duration jitter) {
        return new ScheduleSpec(name, timing, jitter, overlap, catchUp, work);
    }
}
