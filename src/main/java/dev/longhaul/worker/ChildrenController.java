package dev.longhaul.worker;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Submission;
import dev.longhaul.store.ChildStore;
import dev.longhaul.store.LeaseLost;
import dev.longhaul.store.OperationStore;
import dev.longhaul.store.StepStore;
import dev.longhaul.types.TaskRegistry;
import dev.longhaul.web.OperationNotFound;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Operations that a run outside starts, as one step of it.
@Component
class ChildrenController {

    private final OperationStore operations;
    private final ChildStore children;
    private final StepStore steps;
    private final ProgressCache memory;
    private final TaskRegistry tasks;

    ChildrenController(OperationStore operations, ChildStore children, StepStore steps, ProgressCache memory,
            TaskRegistry tasks) {
        this.operations = operations;
        this.children = children;
        this.steps = steps;
        this.memory = memory;
        this.tasks = tasks;
    }

    record Submit(
            @JsonPropertyDescription("The token of the run") UUID runId,
            @JsonPropertyDescription("As of a step") @Size(min = 1, max = 200) String name,
            @JsonPropertyDescription("What to start") @Size(min = 1, max = 1_000) List<Child> children) {}

    record Child(
            @JsonPropertyDescription("One of the types of this service") @Size(min = 1, max = 200) String type,
            @JsonPropertyDescription("What it needs") @Nullable ObjectNode input,
            @JsonPropertyDescription("Default: default") @Size(min = 1, max = 200) @Nullable String queue,
            @JsonPropertyDescription("-100 to 100, higher first; default 0") @Min(-100) @Max(
                    100) @Nullable Integer priority) {

        Submission submission() {
            return Submission.of(type, input == null ? JsonNodeFactory.instance.objectNode() : input)
                    .withQueue(queue == null ? Submission.DEFAULT_QUEUE : queue)
                    .withPriority(priority == null ? 0 : priority);
        }
    }

    @JsonNaming(SnakeCaseStrategy.class)
    record Started(List<String> operationIds) {}

    /// @throws RunLost if the run is over
    Started submit(OperationId id, Submit said) throws Exception {
        operations.find(id).orElseThrow(() -> new OperationNotFound(id));
        var known = steps.finished(id).get(said.name());
        if (known != null) {
            return new Started(known.valueStream().map(child -> child.asString()).toList());
        }
        var submissions = said.children().stream().map(Child::submission).map(tasks::checked).toList();
        var secrets = memory.secrets(id, said.runId());
        submissions.stream().filter(child -> !secrets.in(child.input()).equals(child.input())).findAny()
                .ifPresent(child -> {
            throw new IllegalArgumentException("a secret of operation " + id
                    + " would be stored readably in the input of its child of type " + child.type()
                    + ": the field that takes it must be marked as secret there, too");
        });
        try {
            return new Started(List.of(steps.transact(id, said.runId(), said.name(), _ ->
                    children.submitAll(id, submissions, new Caller("operation " + id, "remote")).stream()
                            .map(OperationId::toString).toArray(String[]::new), UnaryOperator.identity())));
        } catch (LeaseLost lost) {
            throw new RunLeaseLost(id);
        }
    }
}
