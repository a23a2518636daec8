package dev.longhaul.mcp.tools;

import dev.longhaul.mcp.rpc.ClientProfile;
import dev.longhaul.mcp.rpc.JsonRpcMessage;
import dev.longhaul.mcp.rpc.McpExchange;

/// A tool call with its request, client and exchange.
///
/// @param subject the request that a state of the call is signed for
public record CallScope(JsonRpcMessage.Request request, ClientProfile client, McpExchange exchange, CallContext call,
        String subject) {}
