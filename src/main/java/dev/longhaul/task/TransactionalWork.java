package dev.longhaul.task;

import org.jspecify.annotations.Nullable;

/// Work that commits together with its checkpoint, or not at all: exactly once, whatever crashes.
public interface TransactionalWork<T> {

    @Nullable T in(StepTransaction database) throws Exception;
}
