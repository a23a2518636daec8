package dev.longhaul.bulk;

import dev.longhaul.operation.Status;
import java.util.Set;

/// What a bulk change does to each operation.
public enum Verb {

    /// What has not started is cancelled, what runs is asked to stop.
    CANCEL(BulkCancel.TYPE, Set.of(Status.PENDING, Status.WAITING, Status.RUNNING)),
    /// What failed or was cancelled is run again, with its attempts and checkpoints before.
    RETRY(BulkRetry.TYPE, Set.of(Status.FAILED, Status.CANCELLED));

    private final String type;
    private final Set<Status> statuses;

    Verb(String type, Set<Status> statuses) {
        this.type = type;
        this.statuses = statuses;
    }

    /// The type of the operation that does it.
    public String type() {
        return type;
    }

    /// Of the operations that it can be done to.
    Set<Status> statuses() {
        return statuses;
    }
}
