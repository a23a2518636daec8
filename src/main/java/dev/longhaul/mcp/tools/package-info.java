/// Tools, and their calls.
///
/// ```
/// ToolList           the operations' tools, one tool per task, the application's tools
/// ToolCalls          name, arguments, mirrored headers -> tool -> reply
///   ToolResult       content and structured content
///   InputRequired    input from the client: by another round, or by a request on the call's stream
///   SubmitOperation  an operation: see OperationCalls
/// OperationCalls
///   declares tasks          -> a task, at once
///   has a progress token    -> progress on the call's stream, then the result
///   otherwise               -> the result, or after longhaul.mcp.call-wait the operation's id
/// ```
/// The operations' tools respond in the reference interface's [Envelope], as text and as structured content.
/// [SessionCalls] is the extension point for revisions with sessions.
@NullMarked
package dev.longhaul.mcp.tools;

import org.jspecify.annotations.NullMarked;
