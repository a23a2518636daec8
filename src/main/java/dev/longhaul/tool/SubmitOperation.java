package dev.longhaul.tool;

import dev.longhaul.operation.Submission;

/// An operation does the rest. A client that follows tasks gets a task, another the result or the operation's id.
public record SubmitOperation(Submission submission) implements ToolReply {}
