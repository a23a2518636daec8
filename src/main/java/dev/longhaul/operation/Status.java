package dev.longhaul.operation;

import java.util.EnumSet;
import java.util.Set;

/// The transitions are those of table `operation_transition`; a test compares them.
public enum Status implements LowerCaseEnum {

    /// Waits for a worker or for its `run_at`.
    PENDING,
    /// A worker runs it under a lease.
    RUNNING,
    /// Waits for a time, an answer or other operations; holds no thread.
    WAITING,
    COMPLETED,
    FAILED,
    CANCELLED;

    public boolean isFinal() {
        return this == COMPLETED || this == FAILED || this == CANCELLED;
    }

    public Set<Status> successors() {
        return switch (this) {
            case PENDING -> EnumSet.of(RUNNING, CANCELLED, FAILED);
            case RUNNING -> EnumSet.of(PENDING, WAITING, COMPLETED, FAILED, CANCELLED);
            case WAITING -> EnumSet.of(PENDING, CANCELLED, FAILED);
            case COMPLETED -> EnumSet.noneOf(Status.class);
            case FAILED, CANCELLED -> EnumSet.of(PENDING);
        };
    }

    public static Status parse(String word) {
        return LowerCaseEnum.parse("status", word, Status.class);
    }
}
