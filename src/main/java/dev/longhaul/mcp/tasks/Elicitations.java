package dev.longhaul.mcp.tasks;

import dev.longhaul.inputrequest.AlreadyAnswered;
import dev.longhaul.inputrequest.InputRequests;
import dev.longhaul.mcp.rpc.ClientProfile;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.InputRequest;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.store.OperationStore;
import dev.longhaul.tool.Capability;
import dev.longhaul.web.InputRequestUrl;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Input requests of operations as elicitations: as a form, or as a page. The page is that of the data's `url`, or the
/// service's own for a client that shows no forms.
@Component
public class Elicitations {

    private static final int LONGEST_DATA = 4_000;

    private final InputRequests answers;
    private final OperationStore store;
    private final JsonMapper json;
    private final ElicitationForms forms;

    Elicitations(InputRequests answers, OperationStore store, JsonMapper json) {
        this.answers = answers;
        this.store = store;
        this.json = json;
        this.forms = new ElicitationForms(json);
    }

    /// Unanswered input requests.
    public List<InputRequest> open(Operation operation) {
        return operation.isOver() ? List.of() : answers.all(operation.id()).stream()
                .filter(question -> question.answer() == null).toList();
    }

    /// Unanswered input requests that a client with these capabilities can show.
    public List<InputRequest> open(Operation operation, Set<Capability> can) {
        var opensPages = can.contains(Capability.URL_ELICITATION);
        return opensPages || can.contains(Capability.ELICITATION) ? open(operation).stream()
                .filter(question -> opensPages || !hasPage(question)).toList() : List.of();
    }

    private static boolean hasPage(InputRequest question) {
        return question.data() != null && question.data().path("url").isString();
    }

    /// The protocol's requests by the names of the input requests, which are unique within an operation.
    public ObjectNode requests(Operation operation, List<InputRequest> questions, ClientProfile client) {
        var requests = json.createObjectNode();
        questions.forEach(question -> {
            var params = params(operation, question, client);
            params.remove("elicitationId");   // here the key is the id
            requests.putObject(question.name()).put("method", "elicitation/create").set("params", params);
        });
        return requests;
    }

    /// Of `elicitation/create`.
    public ObjectNode params(Operation operation, InputRequest question, ClientProfile client) {
        var params = json.createObjectNode();
        if (hasPage(question) || !client.can().contains(Capability.ELICITATION)) {
            var url = hasPage(question) ? question.data().path("url")
                    .asString() : InputRequestUrl.of(client.origin(), operation.id(), question.name());
            return params.put("mode", "url").put("message", question.action()).put("url", url)
                    .put("elicitationId", operation.id() + "/" + question.name());
        }
        params.put("mode", "form").put("message", message(question));
        params.set("requestedSchema", forms.form(question));
        return params;
    }

    private String message(InputRequest question) {
        var message = new StringBuilder(question.action());
        if (question.risk() != null) {
            message.append("\nRisk: ").append(question.risk().word());
        }
        if (question.data() != null) {
            var data = question.data().isString() ? question.data().asString() : json.writerWithDefaultPrettyPrinter()
                    .writeValueAsString(question.data());
            message.append("\n\n").append(data, 0, Math.min(data.length(), LONGEST_DATA))
                    .append(data.length() > LONGEST_DATA ? "…" : "");
        }
        return message.toString();
    }

    /// Takes a response. Unknown and late ones are ignored. A declined authorization is an answer. Any other declined
    /// input request takes its fallback; without one the operation is cancelled. A dismissed one may be sent again.
    ///
    /// @param response an `ElicitResult`
    /// @throws dev.longhaul.types.InvalidInput if it does not fit the schema
    public void answer(OperationId id, String name, JsonNode response, Caller caller) {
        var question = answers.all(id).stream().filter(asked -> asked.name().equals(name) && asked.answer() == null)
                .findAny();
        if (question.isEmpty()) {
            return;
        }
        switch (response.path("action").asString("")) {
            case "accept" -> {
                if (response.path("content").isObject()) {   // the page itself sends the answer
                    give(id, name, forms.answer(question.get(), response.path("content")), caller);
                }
            }
            case "decline" -> decline(id, question.get(), caller);
            case "cancel" -> { }
            default -> throw new IllegalArgumentException("the answer to " + name
                    + " must have the action accept, decline or cancel");
        }
    }

    private void decline(OperationId id, InputRequest question, Caller caller) {
        if (question.schema().path("properties").path("approved").path("type").asString("").equals("boolean")) {
            give(id, question.name(), json.createObjectNode().put("approved", false), caller);
        } else if (question.fallback() != null) {
            give(id, question.name(), question.fallback(), caller);
        } else {
            store.cancel(id, "a person declined to answer " + question.name(), caller);
        }
    }

    private void give(OperationId id, String name, JsonNode answer, Caller caller) {
        try {
            answers.answer(id, name, answer, caller);
        } catch (AlreadyAnswered | NoSuchElementException tooLate) {
            // the first answer is final; the protocol requires late ones to be ignored
        }
    }
}
