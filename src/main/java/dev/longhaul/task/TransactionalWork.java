package dev.longhaul.task;

import org.jspecify.annotations.Nullable;

/// Work that commits together with its checkpoint: exactly once, also after a crash.
public interface TransactionalWork<T> {

    @Nullable T in(StepTransaction database) throws Exception;
}
