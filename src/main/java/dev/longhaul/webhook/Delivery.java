package dev.longhaul.webhook;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A delivery of an event to a webhook.
///
/// @param subjectId   operation of the event; null: a test
/// @param operationId operation that delivers it
/// @param state       status of that operation; null: it no longer exists
/// @param tries       number of delivery attempts
/// @param answered    HTTP status of the latest response; null: none
/// @param problem     why the latest attempt failed; null: it succeeded
/// @param payload     the body as sent
public record Delivery(UUID id, String event, @Nullable UUID subjectId, UUID operationId, @Nullable String state,
        int tries, @Nullable Integer answered, @Nullable String problem, @Nullable Instant triedAt, Instant createdAt,
        String payload) {}
