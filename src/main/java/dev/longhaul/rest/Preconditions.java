package dev.longhaul.rest;

import dev.longhaul.operation.OperationId;
import dev.longhaul.store.EditStore;
import dev.longhaul.web.OperationNotFound;
import dev.longhaul.web.Problem;
import dev.longhaul.web.ProblemKind;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Does something to an operation only if it is still the version that `If-Match` names: both under one lock, in one
/// commit.
@Component
class Preconditions {

    private final EditStore store;
    private final TransactionTemplate transaction;

    Preconditions(EditStore store, TransactionTemplate transaction) {
        this.store = store;
        this.transaction = transaction;
    }

    /// @param ifMatch null: whatever its version is
    <T> T guarded(OperationId id, @Nullable String ifMatch, Supplier<T> work) {
        var expected = ETags.expected(ifMatch);
        if (expected.isEmpty()) {
            return work.get();
        }
        return Objects.requireNonNull(transaction.execute(_ -> {
            var operation = store.lock(id).orElseThrow(() -> new OperationNotFound(id));
            if (operation.version() != expected.getAsLong()) {
                throw new Problem(ProblemKind.VERSION_MISMATCH, "expected version " + expected.getAsLong()
                        + ", and it is " + operation.version());
            }
            return work.get();
        }));
    }
}
