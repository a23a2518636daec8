/// Tools, and what happens when one is called.
///
/// ```
/// ToolList     what there is: the operations' own tools, a tool for every task, the tools of users
/// ToolCalls    name, arguments, mirrored headers -> the tool -> its reply
///   Answer     content and structured content
///   Needs      a question: by another round trip, or by a request of ours on the call's stream
///   Handover   an operation: see OperationCalls
/// OperationCalls
///   declares tasks          -> a task, at once
///   has a progress token    -> progress on the call's stream, and the result
///   neither                 -> the result, or after longhaul.mcp.call-wait how to go on
/// ```
/// The operations' own tools keep the reference interface's envelope as their text; their structured content is what
/// the envelope holds.
@NullMarked
package dev.longhaul.mcp.tools;

import org.jspecify.annotations.NullMarked;
