package dev.longhaul.worker;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Submission;
import dev.longhaul.operation.Text;
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

/// Submits the children of a remote run, as one step of it.
@Component
class ChildService {

    private final OperationStore operations;
    private final ChildStore children;
    private final StepStore steps;
    private final RunCache cache;
    private final TaskRegistry tasks;

    ChildService(OperationStore operations, ChildStore children, StepStore steps, RunCache cache,
            TaskRegistry tasks) {
        this.operations = operations;
        this.children = children;
        this.steps = steps;
        this.cache = cache;
        this.tasks = tasks;
    }

    record Submit(
            @JsonPropertyDescription("The token of the run") UUID runId,
            @JsonPropertyDescription("As of a step") @Size(min = 1, max = 200) String name,
            @JsonPropertyDescription("What to submit") @Size(min = 1, max = 1_000) List<Child> children) {}

    record Child(
            @JsonPropertyDescription("One of the task types of this service") @Size(min = 1, max = 200) String type,
            @JsonPropertyDescription("The input of the task") @Nullable ObjectNode input,
            @JsonPropertyDescription("Default: default") @Size(min = 1, max = 200) @Nullable String queue,
            @JsonPropertyDescription("-100 to 100, higher first; default 0")
            @Min(-100) @Max(100) @Nullable Integer priority) {

        Submission submission() {
            return Submission.of(type, input == null ? JsonNodeFactory.instance.objectNode() : input)
                    .withQueue(queue == null ? Submission.DEFAULT_QUEUE : queue)
                    .withPriority(priority == null ? 0 : priority);
        }
    }

    @JsonNaming(SnakeCaseStrategy.class)
    record Submitted(List<String> operationIds) {}

    /// @throws RunLeaseLost if the run is over
    Submitted submit(OperationId id, Submit body) throws Exception {
        operations.find(id).orElseThrow(() -> new OperationNotFound(id));
        var secrets = cache.secrets(id, body.runId());
        var name = Text.storable("the name of a step", secrets.redactName(body.name()), 200);
        var known = steps.finished(id).get(name);
        if (known != null) {
            return new Submitted(known.valueStream().map(child -> child.asString()).toList());
        }
        var submissions = body.children().stream().map(child -> tasks.checkedChild(child.submission(), secrets))
                .toList();
        var caller = new Caller("operation " + id, "remote");
        try {
            return new Submitted(List.of(steps.transact(id, body.runId(), name,
                    _ -> children.submitAll(id, submissions, caller).stream().map(OperationId::toString)
                            .toArray(String[]::new), UnaryOperator.identity())));
        } catch (LeaseLost lost) {
            throw new RunLeaseLost(id);
        }
    }
}
