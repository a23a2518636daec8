package dev.longhaul.reference;

import dev.longhaul.operation.Status;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The reference interface's own words for ours.
public final class ReferenceTerms {

    static final String RUNNING = "running";

    private ReferenceTerms() {
    }

    /// Its clients know running, completed and failed; `cancelled` is added.
    public static String status(Status status) {
        return switch (status) {
            case PENDING, RUNNING, WAITING -> RUNNING;
            case COMPLETED, FAILED, CANCELLED -> status.word();
        };
    }

    /// What a filter may be given: the dialect's words, and `pending` and `waiting` for whoever wants them exactly.
    public static List<String> filters() {
        return Arrays.stream(Status.values()).map(Status::word).toList();
    }

    /// The statuses a filter's word stands for: `running` finds all that is told as running.
    public static Set<Status> statuses(String filter) {
        return filter.equals(RUNNING)
                ? Arrays.stream(Status.values()).filter(status -> !status.isFinal()).collect(Collectors.toSet())
                : Set.of(Status.parse(filter));
    }

    /// Its clients print the message without asking whether there is one.
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
