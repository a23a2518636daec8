package dev.longhaul.webhook;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What was or is to be sent to a webhook.
///
/// @param subject   the operation that it tells of; null: it is a test
/// @param carriedBy the operation that delivers it
/// @param state     of that operation; null: it is gone
/// @param answered  HTTP status of the last answer; null: there was none
/// @param problem   why the last try counts as failed
/// @param payload   exactly what is sent
public record Delivery(UUID id, String event, @Nullable UUID subject, UUID carriedBy, @Nullable String state, int tries,
        @Nullable Integer answered,
                       @Nullable String problem, @Nullable Instant triedAt, Instant createdAt, String payload) {}
