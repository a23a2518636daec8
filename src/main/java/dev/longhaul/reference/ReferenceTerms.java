package dev.longhaul.reference;

import dev.longhaul.operation.Status;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Terms of the reference interface.
public final class ReferenceTerms {

    static final String RUNNING = "running";

    private ReferenceTerms() {
    }

    /// The reference has running, completed and failed; `cancelled` is added.
    public static String status(Status status) {
        return switch (status) {
            case PENDING, RUNNING, WAITING -> RUNNING;
            case COMPLETED, FAILED, CANCELLED -> status.word();
        };
    }

    /// Values of a status filter: the reference's terms, and the exact `pending` and `waiting`.
    public static List<String> filters() {
        return Arrays.stream(Status.values()).map(Status::word).toList();
    }

    /// The statuses that a filter value selects: `running` selects all unfinished ones.
    public static Set<Status> statuses(String filter) {
        return filter.equals(RUNNING)
                ? Arrays.stream(Status.values()).filter(status -> !status.isFinal()).collect(Collectors.toSet())
                : Set.of(Status.parse(filter));
    }

    /// Never null: the reference's clients print the message unchecked.
    public static String message(Status status, @Nullable String reported) {
        if (reported != null) {
            return reported;
        }
        return switch (status) {
            case PENDING -> "Pending";
            case RUNNING -> "Started";
            case WAITING -> "Waiting";
            case COMPLETED -> "Completed";
            case FAILED -> "Failed";
            case CANCELLED -> "Cancelled";
        };
    }
}
