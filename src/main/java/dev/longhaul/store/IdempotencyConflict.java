package dev.longhaul.store;

import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Text;

/// The idempotency key was used before, for another request.
public class IdempotencyConflict extends RuntimeException {

    IdempotencyConflict(String key, OperationId earlier) {
        super("idempotency key " + Text.quoted(key) + " was used for another request, which made operation " + earlier);
    }
}
