package dev.longhaul.tool;

/// What a tool says: its answer, a question, or that an operation does the rest.
public sealed interface ToolReply permits ToolResult, InputRequired, SubmitOperation {}
