package dev.longhaul.mcp.tools;

import dev.longhaul.tool.Tool;
import dev.longhaul.tool.ToolCall;

/// A tool of operations, in the reference interface's form: its result is in an [Envelope].
interface OperationTool<A, R extends Record> extends Tool<A, R> {

    @Override
    R call(A arguments, ToolCall call) throws Exception;
}
