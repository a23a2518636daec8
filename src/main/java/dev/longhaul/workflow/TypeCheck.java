package dev.longhaul.workflow;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.longhaul.operation.Text;
import dev.longhaul.types.InvalidInput;
import dev.longhaul.types.OperationType;
import dev.longhaul.types.RegisteredTask;
import dev.longhaul.types.TaskRegistry;
import dev.longhaul.types.UnknownTaskType;
import dev.longhaul.workflow.Template.Placeholder;
import dev.longhaul.workflow.TemplatePart.OfItem;
import dev.longhaul.workflow.TemplatePart.OfNode;
import dev.longhaul.workflow.WorkflowPlan.Step;
import java.util.Set;

/// Whether the nodes of a plan can be what they say: their types exist, their inputs fit, and what one node makes fits
/// where another takes it.
///
/// What is filled in later is known by its kind only, and only where the task that makes it says what it makes; the
/// rest its own task finds out.
final class TypeCheck {

    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private final TaskRegistry tasks;

    TypeCheck(TaskRegistry tasks) {
        this.tasks = tasks;
    }

    /// @throws Misplaced naming the place of what does not fit
    void check(WorkflowPlan plan) {
        plan.steps().values().forEach(step -> check(step, plan));
    }

    private void check(Step step, WorkflowPlan plan) {
        var place = "nodes." + step.name();
        var type = type(step, place);
        var items = items(step, plan, place);
        if (step.input().holes().isEmpty()) {
            try {
                type.check(step.work().input());
            } catch (InvalidInput unfit) {
                var first = unfit.misfits().getFirst();
                throw new InvalidGraph(place + ".input" + first.pointer().replace('/', '.'), first.detail());
            }
            return;
        }
        step.input().holes().forEach(hole -> check(hole, type, items, plan, place));
        for (var problem : REGISTRY.getSchema(type.inputSchema()).validate(step.input().skeleton())) {
            var at = problem.getInstanceLocation().toString();
            var pointer = at.startsWith("/") || at.isEmpty() ? at : "/" + at;
            if (step.input().holes().stream().noneMatch(hole -> (pointer + "/").startsWith(hole.pointer() + "/")
                    || (hole.pointer() + "/").startsWith(pointer + "/") && !pointer.isEmpty())) {
                throw new InvalidGraph(place + ".input" + pointer.replace('/', '.'),
                        problem.getMessage().replaceFirst("^[^:]*: ", ""));
            }
        }
    }

    private OperationType type(Step step, String place) {
        try {
            return tasks.required(step.work().type());
        } catch (UnknownTaskType unknown) {
            throw new InvalidGraph(place + ".type", String.valueOf(unknown.getMessage()));
        }
    }

    /// What the elements of a node's list are like.
    private SchemaType items(Step step, WorkflowPlan plan, String place) {
        if (step.forEach() == null || step.forEach().holes().isEmpty()) {
            return SchemaType.UNKNOWN;
        }
        var reference = (OfNode) step.forEach().holes().getFirst().parts().getFirst();
        var kind = kind(reference, plan, place + ".for_each");
        if (kind.excludes(Set.of("array"))) {
            throw new InvalidGraph(place + ".for_each", "expected a list, and " + reference.text() + " is "
                    + kind.words());
        }
        return kind.element();
    }

    private void check(Placeholder hole, OperationType type, SchemaType items, WorkflowPlan plan, String place) {
        var at = place + ".input" + hole.pointer().replace('/', '.');
        SchemaType given = SchemaType.TEXT;
        for (var part : hole.parts()) {
            var kind = switch (part) {
                case OfNode reference -> kind(reference, plan, at);
                case OfItem item -> items.at(item.path()).orElseThrow(() -> new InvalidGraph(at, "there is nothing for "
                        + Text.quoted(item.text()) + "; an element is " + items.words()));
                case TemplatePart.OfIndex _ -> SchemaType.WHOLE_NUMBER;
                case TemplatePart.Known _ -> SchemaType.TEXT;
            };
            given = hole.parts().size() == 1 ? kind : SchemaType.TEXT;
        }
        var wanted = SchemaType.of(type.inputSchema()).at(hole.at())
                .orElseThrow(() -> new InvalidGraph(at, "the input of " + type.type() + " has no such field; it is "
                        + SchemaType.of(type.inputSchema()).words()));
        if (given.excludes(wanted.types())) {
            throw new InvalidGraph(at, "expected " + wanted.words() + ", and " + hole.parts().stream()
                    .map(part -> part.json().path("text").asString("text")).toList() + " is " + given.words());
        }
    }

    private SchemaType kind(OfNode reference, WorkflowPlan plan, String place) {
        var source = plan.steps().get(reference.node());
        if (reference.of().equals("status")) {
            return SchemaType.TEXT;
        }
        if (reference.of().equals("error")) {
            return SchemaType.UNKNOWN;
        }
        var made = tasks.find(source.work().type()).map(TypeCheck::made).orElse(SchemaType.UNKNOWN);
        var part = made.at(reference.path())
                .orElseThrow(() -> new InvalidGraph(place, "there is nothing for " + Text.quoted(reference.text())
                        + "; what " + source.work().type() + " returns is " + made.words()));
        return source.forEach() == null ? part : part.listed();
    }

    /// Remote workers do not say what their types return.
    private static SchemaType made(OperationType type) {
        return type instanceof RegisteredTask own ? SchemaType.of(own.outputSchema()) : SchemaType.UNKNOWN;
    }
}
