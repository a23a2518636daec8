package dev.longhaul.tool;

import dev.longhaul.operation.Submission;

/// The rest is an operation: a client that follows tasks gets one, another gets its result or how to go on.
public record SubmitOperation(Submission submission) implements ToolReply {}
