package dev.longhaul.operation;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/// Where an operation stands. The moves between statuses are those of table `operation_transition`; a test compares
/// them.
public enum Status {

    /// Waits for a worker, or for its time.
    PENDING,
    /// A worker has it, under a lease.
    RUNNING,
    /// Sleeps, or waits for an answer or for other operations; holds no thread.
    WAITING,
    COMPLETED,
    FAILED,
    CANCELLED;

    public boolean isFinal() {
        return this == COMPLETED || this == FAILED || this == CANCELLED;
    }

    /// The statuses that may follow this one.
    public Set<Status> successors() {
        return switch (this) {
            case PENDING -> EnumSet.of(RUNNING, CANCELLED, FAILED);
            case RUNNING -> EnumSet.of(PENDING, WAITING, COMPLETED, FAILED, CANCELLED);
            case WAITING -> EnumSet.of(PENDING, CANCELLED, FAILED);
            case COMPLETED -> EnumSet.noneOf(Status.class);
            case FAILED, CANCELLED -> EnumSet.of(PENDING);
        };
    }

    /// As the database and every interface spell it, e.g. `running`.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @throws IllegalArgumentException if there is no such status
    public static Status parse(String word) {
        for (var status : values()) {
            if (status.word().equals(word)) {
                return status;
            }
        }
        throw new IllegalArgumentException(
                "status must be one of pending, running, waiting, completed, failed, cancelled, not "
                + Text.quoted(word));
    }
}
