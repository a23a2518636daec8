package dev.longhaul.bulk;

import dev.longhaul.operation.Status;
import dev.longhaul.query.Filter;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a bulk change does to each operation.
public enum BulkAction {

    CANCEL("cancelled or asked to stop", Unfinished.STATUSES, null),
    RETRY("retried", Set.of(Status.FAILED, Status.CANCELLED), null),
    PAUSE("paused", Unfinished.STATUSES, "false"),
    RESUME("resumed", Unfinished.STATUSES, "true"),
    RERUN("re-run", Set.of(Status.COMPLETED, Status.FAILED, Status.CANCELLED), null),
    TAG("tagged", EnumSet.allOf(Status.class), null);

    /// Constants of an enum cannot use its fields.
    private interface Unfinished {

        Set<Status> STATUSES = Set.of(Status.PENDING, Status.WAITING, Status.RUNNING);
    }

    private final String done;
    private final Filter applicable;

    /// @param done     participle for progress messages
    /// @param statuses of the operations that the action applies to
    /// @param paused   whether they are paused; null: either
    BulkAction(String done, Set<Status> statuses, @Nullable String paused) {
        this.done = done;
        var filter = statuses.size() == Status.values().length ? Filter.ALL : Filter.of(statuses, null);
        this.applicable = paused == null
                ? filter : filter.and(new Filter(List.of(new Filter.Words("paused", List.of(paused), false, 0))));
    }

    /// The task type that carries it out.
    public String type() {
        return "bulk_" + name().toLowerCase(Locale.ROOT);
    }

    String done() {
        return done;
    }

    /// The operations that pass the filter and that the action applies to.
    ///
    /// @param start of the change: relative times in the filter count from it, also after an interruption
    Filter matching(String filter, Instant start) {
        return BulkInput.parsed(filter, start).and(applicable);
    }
}
