package dev.longhaul.bulk;

import dev.longhaul.operation.Status;
import dev.longhaul.query.Filter;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a bulk change does to each operation.
public enum BulkAction {

    /// What has not started is cancelled, what runs is asked to stop.
    CANCEL(BulkCancel.TYPE, "cancelled or asked to stop", Live.STATUSES, null),
    /// What failed or was cancelled is run again, with its attempts and checkpoints before.
    RETRY(BulkRetry.TYPE, "run again", Set.of(Status.FAILED, Status.CANCELLED), null),
    /// What has not started waits, what runs stops at its next checkpoint.
    PAUSE(BulkPause.TYPE, "paused", Live.STATUSES, "false"),
    /// What was paused goes on.
    RESUME(BulkResume.TYPE, "resumed", Live.STATUSES, "true"),
    /// What is over is done over, each by a new operation.
    RERUN(BulkRerun.TYPE, "done over", Set.of(Status.COMPLETED, Status.FAILED, Status.CANCELLED), null),
    /// Tags are added and taken away.
    TAG(BulkTag.TYPE, "tagged", EnumSet.allOf(Status.class), null);

    /// Constants of an enum cannot use its fields.
    private interface Live {
        Set<Status> STATUSES = Set.of(Status.PENDING, Status.WAITING, Status.RUNNING);
    }

    private final String type;
    private final String done;
    private final Filter possible;

    /// @param done     what has become of them, for people
    /// @param statuses of the operations that it can be done to
    /// @param paused   whether they have to rest, or must not; null: either
    BulkAction(String type, String done, Set<Status> statuses, @Nullable String paused) {
        this.type = type;
        this.done = done;
        var possible = statuses.size() == Status.values().length ? Filter.ALL : Filter.of(statuses, null);
        this.possible = paused == null
                ? possible : possible.and(new Filter(List.of(new Filter.Words("paused", List.of(paused), false, 0))));
    }

    /// The type of the operation that does it.
    public String type() {
        return type;
    }

    String done() {
        return done;
    }

    /// The operations that it can be done to.
    Filter possible() {
        return possible;
    }
}
