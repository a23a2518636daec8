package dev.longhaul.mcp.tasks;

import dev.longhaul.mcp.rpc.Client;
import dev.longhaul.mcp.rpc.ClientAnswers;
import dev.longhaul.mcp.rpc.Exchange;
import dev.longhaul.mcp.rpc.Rounds;
import dev.longhaul.mcp.rpc.Seals;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Question;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/// Questions of operations as requests of ours on the streams of handshake clients. The request's id names the question, sealed, so its answer finds the
/// row at whichever node it arrives, and the row wakes whoever waits.
@Component
public class StreamedQuestions {

    private static final String PURPOSE = "question";

    private final Elicitations elicitations;
    private final ClientAnswers requests;
    private final Seals seals;

    StreamedQuestions(Elicitations elicitations, ClientAnswers requests, Seals seals) {
        this.elicitations = elicitations;
        this.requests = requests;
        this.seals = seals;
    }

    public OnStream on(Exchange exchange, Client client) {
        return new OnStream(exchange, client);
    }

    /// One stream, on which each question is asked once.
    public final class OnStream {

        private final Exchange exchange;
        private final Client client;
        private final Set<String> asked = new HashSet<>();

        private OnStream(Exchange exchange, Client client) {
            this.exchange = exchange;
            this.client = client;
        }

        /// @param asTask whether the client follows the operation as a task of 2025-11-25
        /// @return whether a person has been asked
        public boolean ask(Operation operation, List<Question> open, boolean asTask) {
            if (!exchange.canStream() || client.isPlain()) {
                return false;
            }
            open.stream().filter(question -> asked.add(question.name())).forEach(question -> {
                var params = Rounds.dated(elicitations.params(operation, question, client), client);
                if (asTask) {
                    OldTaskMethods.relate(params, operation);
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
