package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.rpc.CallKeepAlive;
import dev.longhaul.mcp.rpc.ClientProfile;
import dev.longhaul.mcp.rpc.ErrorResponses;
import dev.longhaul.mcp.rpc.JsonRpcError;
import dev.longhaul.mcp.rpc.JsonRpcMessage;
import dev.longhaul.mcp.rpc.McpExchange;
import dev.longhaul.mcp.tools.CallContext;
import dev.longhaul.mcp.tools.CallScope;
import dev.longhaul.mcp.tools.OperationCalls;
import dev.longhaul.types.InputTypes;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/// Resumes calls whose connection was lost or ended early.
@Component
class ResumedCalls {

    private final ResumePoints points;
    private final OperationCalls calls;
    private final CallKeepAlive keepAlive;
    private final InputTypes inputs;

    ResumedCalls(ResumePoints points, OperationCalls calls, CallKeepAlive keepAlive, InputTypes inputs) {
        this.points = points;
        this.calls = calls;
        this.keepAlive = keepAlive;
        this.inputs = inputs;
    }

    /// @return the JSON-RPC response; null: the client has to reconnect
    /// @throws JsonRpcError if the event id is not of this session
    @Nullable ObjectNode resume(String eventId, ClientProfile client, McpExchange exchange)
            throws InterruptedException {
        var point = points.find(eventId, client)
                .orElseThrow(() -> new JsonRpcError(HttpStatus.BAD_REQUEST, JsonRpcError.NO_REQUEST,
                "Last-Event-ID is not the id of an event of this session"));
        var params = inputs.json().createObjectNode();
        params.putObject("_meta").set("progressToken", point.token());
        var request = new JsonRpcMessage.Request(point.requestId(), "tools/call", params);
        exchange.open();
        try (var _ = keepAlive.keep(exchange)) {
            var result = calls.resume(point.operation(), new CallScope(request, client, exchange,
                    new CallContext(client, exchange, request.meta(), inputs), ""));
            return result == null ? null
                    : (ObjectNode) ErrorResponses.response(point.requestId()).set("result", result);
        }
    }
}
