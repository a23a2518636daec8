package dev.longhaul.mcp.tools;

import dev.longhaul.tool.Tool;
import dev.longhaul.tool.ToolCall;

/// A tool of the reference interface, or one beside them: its text is that interface's envelope, `{"status": "success",
/// "data": …}`.
interface OperationTool<A, R extends Record> extends Tool<A, R> {

    @Override
    R call(A arguments, ToolCall call) throws Exception;
}
