package dev.longhaul.tool;

import dev.longhaul.operation.Submission;

/// The rest is an operation: a client that follows tasks gets one, another gets its result or how to go on.
public record Handover(Submission submission) implements Reply {}
