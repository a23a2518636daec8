package dev.longhaul.mcp.rpc;

import dev.longhaul.operation.Caller;
import dev.longhaul.tool.InputRequired;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The extension point for the revisions before 2026-07-28, which have sessions. `mcp.legacy` implements it as a bean;
/// without that bean their clients are refused.
public interface SessionProtocol {

    /// @param initializes whether the request is `initialize`, which starts a session
    /// @param named       the revision in the request's header; null: none
    ClientProfile client(boolean initializes, @Nullable ProtocolRevision named, McpExchange exchange, Caller caller);

    /// Calls a method that 2026-07-28 does not have. Empty: it is none of these.
    Optional<ObjectNode> call(JsonRpcMessage.Request request, ClientProfile client, McpExchange exchange)
            throws InterruptedException;

    void notified(JsonRpcMessage.Request notification, ClientProfile client);

    /// @throws JsonRpcError if the service has sent no request with this id
    void responded(JsonRpcMessage.Response response, ClientProfile client);

    /// @return false: batches are not for this client
    boolean answeredBatch(ArrayNode batch, McpExchange exchange, Caller caller);

    /// Asks the client by requests on its stream.
    ///
    /// @return the answers; empty: the client could not answer, or not in time
    Optional<Map<String, JsonNode>> ask(InputRequired required, ClientProfile client, McpExchange exchange)
            throws InterruptedException;
}
