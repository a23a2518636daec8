package dev.longhaul.inputrequest;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.InputRequest;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.StorableJson;
import dev.longhaul.operation.Text;
import dev.longhaul.store.InputRequestStore;
import dev.longhaul.store.OperationStore;
import dev.longhaul.types.AnswerSecrets;
import dev.longhaul.types.InputTypes;
import dev.longhaul.types.InvalidInput;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;

/// Input requests of operations, and their answers.
@Service
public class InputRequests {

    private final InputRequestStore inputRequests;
    private final OperationStore operations;
    private final InputTypes schemas;
    private final AnswerSecrets secrets;

    InputRequests(InputRequestStore inputRequests, OperationStore operations, InputTypes schemas,
            AnswerSecrets secrets) {
        this.inputRequests = inputRequests;
        this.operations = operations;
        this.schemas = schemas;
        this.secrets = secrets;
    }

    /// All input requests of an operation, oldest first.
    public List<InputRequest> all(OperationId id) {
        return inputRequests.of(id);
    }

    /// Unanswered input requests; none after the end of the operation.
    public List<InputRequest> open(OperationId id) {
        var isOver = operations.find(id).map(operation -> operation.isOver()).orElse(true);
        return isOver ? List.of() : inputRequests.of(id).stream().filter(request -> request.answer() == null).toList();
    }

    /// @throws NoSuchElementException if there is no such input request
    /// @throws InvalidInput           if the answer does not fit; another answer may be given
    /// @throws AlreadyAnswered        if another answer was first, or the operation has ended
    public InputRequest answer(OperationId id, String name, JsonNode answer, Caller caller) {
        var request = inputRequests.find(id, name).orElseThrow(() -> new NoSuchElementException(
                "operation " + id + " has no input request " + Text.quoted(name) + names(id)));
        var type = operations.find(id).map(Operation::type).orElse("");
        try {
            check(request, StorableJson.required("the answer", answer));
        } catch (InvalidInput unfit) {
            throw secrets.redacted(type, request, unfit, answer);
        }
        return inputRequests.answer(id, name, secrets.encrypted(type, request, answer), caller)
                .orElseThrow(() -> tooLate(id, name));
    }

    private String names(OperationId id) {
        var names = inputRequests.of(id).stream().map(InputRequest::name).collect(Collectors.joining(", "));
        return names.isEmpty() ? "" : "; it has " + names;
    }

    private void check(InputRequest request, JsonNode answer) {
        var misfits = schemas.misfits(request.schema(), answer);
        var chosen = answer.path("choice");
        if (misfits.isEmpty() && request.options() != null && chosen.isString()
                && !request.options().contains(chosen.asString())) {
            misfits = List.of(new InvalidInput.Misfit("/choice", "must be one of "
                    + String.join(", ", request.options()) + ", not " + Text.quoted(chosen.asString())));
        }
        if (!misfits.isEmpty()) {
            throw new InvalidInput(misfits);
        }
    }

    private AlreadyAnswered tooLate(OperationId id, String name) {
        var answer = inputRequests.find(id, name).map(InputRequest::answer);
        return new AlreadyAnswered(answer.map(given -> "input request " + Text.quoted(name) + " was answered by "
                + given.by() + " at " + given.at())
                .orElseGet(() -> "operation " + id + " is " + operations.find(id)
                        .map(operation -> operation.status().word()).orElse("gone") + "; no answer is needed"));
    }
}
