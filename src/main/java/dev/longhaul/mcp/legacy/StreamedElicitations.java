package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.rpc.ClientProfile;
import dev.longhaul.mcp.rpc.McpExchange;
import dev.longhaul.mcp.rpc.StateSigner;
import dev.longhaul.mcp.tasks.Elicitations;
import dev.longhaul.mcp.tools.SessionCalls;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import java.util.HashSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/// Input requests of operations as requests on the streams of clients. The request's id holds the name of the input
/// request, signed, so its answer can arrive at any node.
@Component
class StreamedElicitations {

    private static final String PURPOSE = "question";

    private final Elicitations elicitations;
    private final ServerRequests requests;
    private final StateSigner seals;

    StreamedElicitations(Elicitations elicitations, ServerRequests requests, StateSigner seals) {
        this.elicitations = elicitations;
        this.requests = requests;
        this.seals = seals;
    }

    /// Sends each input request once.
    ///
    /// @param asTask whether the client follows the operation as a task of 2025-11-25
    SessionCalls.InputRequestSender sender(ClientProfile client, McpExchange exchange, boolean asTask) {
        var sent = new HashSet<String>();
        return (operation, open) -> {
            if (!exchange.canStream() || client.isPlain()) {
                return false;
            }
            open.stream().filter(request -> sent.add(request.name())).forEach(request -> {
                var params = ServerRequests.dated(elicitations.params(operation, request, client), client);
                if (asTask) {
                    LegacyTaskMethods.relate(params, operation);
                }
                var id = seals.sealed(PURPOSE, operation.id() + " " + UUID.randomUUID() + " " + request.name());
                exchange.send(requests.request(id, "elicitation/create", params));
            });
            return !open.isEmpty();
        };
    }

    /// Takes the answer of a client, on any node.
    ///
    /// @param result null: the client could not ask
    /// @return whether it answers an input request
    boolean take(String id, @Nullable JsonNode result, Caller caller) {
        var opened = seals.opened(PURPOSE, id);
        if (opened.isPresent() && result != null) {
            var parts = opened.get().split(" ", 3);
            elicitations.answer(OperationId.parse(parts[0]), parts[2], result, caller);
        }
        return opened.isPresent();
    }
}
