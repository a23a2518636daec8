package dev.longhaul.inputrequest;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.InputRequest;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.StorableJson;
import dev.longhaul.operation.Text;
import dev.longhaul.store.InputRequestStore;
import dev.longhaul.store.OperationStore;
import dev.longhaul.types.InputTypes;
import dev.longhaul.types.InvalidInput;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;

/// The questions of operations, and the way of an answer to the row.
@Service
public class InputRequests {

    private final InputRequestStore questions;
    private final OperationStore operations;
    private final InputTypes schemas;

    InputRequests(InputRequestStore questions, OperationStore operations, InputTypes schemas) {
        this.questions = questions;
        this.operations = operations;
        this.schemas = schemas;
    }

    /// All questions of an operation, in the order of asking.
    public List<InputRequest> all(OperationId id) {
        return questions.of(id);
    }

    /// Those that nobody has answered; none once the operation is over.
    public List<InputRequest> open(OperationId id) {
        var isOver = operations.find(id).map(operation -> operation.isOver()).orElse(true);
        return isOver ? List.of() : questions.of(id).stream().filter(question -> question.answer() == null).toList();
    }

    /// @throws NoSuchElementException if there is no such question
    /// @throws InvalidInput           if the answer does not fit the question; it may be asked for again
    /// @throws AnsweredAlready        if somebody was faster, or the operation is over
    public InputRequest answer(OperationId id, String name, JsonNode answer, Caller caller) {
        var question = questions.find(id, name).orElseThrow(() -> new NoSuchElementException(
                "operation " + id + " has no question " + Text.quoted(name) + names(id)));
        check(question, StorableJson.required("the answer", answer));
        return questions.answer(id, name, answer, caller).orElseThrow(() -> tooLate(id, name));
    }

    private String names(OperationId id) {
        var names = questions.of(id).stream().map(InputRequest::name).collect(Collectors.joining(", "));
        return names.isEmpty() ? "" : "; it has " + names;
    }

    private void check(InputRequest question, JsonNode answer) {
        var misfits = schemas.misfits(question.schema(), answer);
        var chosen = answer.path("choice");
        if (misfits.isEmpty() && question.options() != null && chosen.isString()
                && !question.options().contains(chosen.asString())) {
            misfits = List.of(new InvalidInput.Misfit("/choice", "must be one of "
                    + String.join(", ", question.options()) + ", not " + Text.quoted(chosen.asString())));
        }
        if (!misfits.isEmpty()) {
            throw new InvalidInput(misfits);
        }
    }

    private AlreadyAnswered tooLate(OperationId id, String name) {
        var answer = questions.find(id, name).map(InputRequest::answer);
        return new AlreadyAnswered(answer.map(given -> "question " + Text.quoted(name) + " was answered by "
                + given.by() + " at " + given.at())
                .orElseGet(() -> "operation " + id + " is " + operations.find(id)
                        .map(operation -> operation.status().word()).orElse("gone") + " and asks nothing any more"));
    }
}
