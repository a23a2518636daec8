package dev.longhaul.webhook;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Who wants to be told of what. Its secret is not here: it is told once.
///
/// @param events      e.g. `operation.failed`
/// @param filter      which operations, as in lists; empty: all
/// @param reason      why it is disabled
/// @param formerUntil until when deliveries are signed with the secret before too
public record Webhook(UUID id, String url, List<String> events, String filter, String description, boolean disabled,
        @Nullable String reason,
                      @Nullable Instant formerUntil, Instant createdAt, String createdBy, Instant changedAt,
                              String changedBy) {}
