package dev.longhaul.task;

import org.jspecify.annotations.Nullable;

/// A person's yes or no.
public record Authorization(boolean approved, @Nullable String comment) {}
