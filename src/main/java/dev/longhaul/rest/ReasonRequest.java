package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/// The body of an action that needs nothing but, perhaps, a reason.
record ReasonRequest(@JsonPropertyDescription("For the history") @Size(max = 500) @Nullable String reason) {}
