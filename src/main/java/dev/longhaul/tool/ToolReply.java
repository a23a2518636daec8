package dev.longhaul.tool;

/// The reply of a tool: a result, a request for input, or an operation to submit.
public sealed interface ToolReply permits ToolResult, InputRequired, SubmitOperation {}
