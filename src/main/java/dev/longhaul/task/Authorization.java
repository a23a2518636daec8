package dev.longhaul.task;

import org.jspecify.annotations.Nullable;

/// The answer to an authorization.
public record Authorization(boolean approved, @Nullable String comment) {}
