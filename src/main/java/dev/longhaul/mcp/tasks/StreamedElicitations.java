package dev.longhaul.mcp.tasks;

import dev.longhaul.mcp.rpc.ClientProfile;
import dev.longhaul.mcp.rpc.InputRounds;
import dev.longhaul.mcp.rpc.McpExchange;
import dev.longhaul.mcp.rpc.ServerRequests;
import dev.longhaul.mcp.rpc.StateSigner;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.InputRequest;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/// Questions of operations as requests of ours on the streams of handshake clients. The request's id names the
/// question, sealed, so its answer finds the row at whichever node it arrives, and the row wakes whoever waits.
@Component
public class StreamedElicitations {

    private static final String PURPOSE = "question";

    private final Elicitations elicitations;
    private final ServerRequests requests;
    private final StateSigner seals;

    StreamedElicitations(Elicitations elicitations, ServerRequests requests, StateSigner seals) {
        this.elicitations = elicitations;
        this.requests = requests;
        this.seals = seals;
    }

    public OnStream on(McpExchange exchange, ClientProfile client) {
        return new OnStream(exchange, client);
    }

    /// One stream, on which each question is asked once.
    public final class OnStream {

        private final McpExchange exchange;
        private final ClientProfile client;
        private final Set<String> asked = new HashSet<>();

        private OnStream(McpExchange exchange, ClientProfile client) {
            this.exchange = exchange;
            this.client = client;
        }

        /// @param asTask whether the client follows the operation as a task of 2025-11-25
        /// @return whether a person has been asked
        public boolean ask(Operation operation, List<InputRequest> open, boolean asTask) {
            if (!exchange.canStream() || client.isPlain()) {
                return false;
            }
            open.stream().filter(question -> asked.add(question.name())).forEach(question -> {
                var params = InputRounds.dated(elicitations.params(operation, question, client), client);
                if (asTask) {
                    LegacyTaskMethods.relate(params, operation);
                }
                var id = seals.sealed(PURPOSE, operation.id() + " " + UUID.randomUUID() + " " + question.name());
                exchange.send(requests.request(id, "elicitation/create", params));
            });
            return !open.isEmpty();
        }
    }

    /// The answer of a client, at whichever node.
    ///
    /// @param result null: the client could not ask
    /// @return whether it answers a question
    public boolean take(String id, @Nullable JsonNode result, Caller caller) {
        var question = seals.opened(PURPOSE, id);
        if (question.isPresent() && result != null) {
            var parts = question.get().split(" ", 3);
            elicitations.answer(OperationId.parse(parts[0]), parts[2], result, caller);
        }
        return question.isPresent();
    }
}
