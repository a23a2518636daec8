package dev.longhaul.webhook;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A subscription of a URL to events. Without its secret, which is returned only once.
///
/// @param events              e.g. `operation.failed`
/// @param filter              filter of operations, as in lists; empty: all
/// @param reason              why it is disabled; null: enabled
/// @param previousSecretUntil until when deliveries are also signed with the previous secret; null: no rotation
public record Webhook(UUID id, String url, List<String> events, String filter, String description, boolean disabled,
        @Nullable String reason, @Nullable Instant previousSecretUntil, Instant createdAt, String createdBy,
        Instant changedAt, String changedBy) {}
