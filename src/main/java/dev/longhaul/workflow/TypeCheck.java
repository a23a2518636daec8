package dev.longhaul.workflow;

import dev.longhaul.operation.Text;
import dev.longhaul.types.InvalidInput;
import dev.longhaul.types.OperationType;
import dev.longhaul.types.RegisteredTask;
import dev.longhaul.types.Schemas;
import dev.longhaul.types.TaskRegistry;
import dev.longhaul.types.UnknownTaskType;
import dev.longhaul.workflow.Template.Placeholder;
import dev.longhaul.workflow.TemplatePart.ItemReference;
import dev.longhaul.workflow.TemplatePart.NodeReference;
import dev.longhaul.workflow.WorkflowPlan.Step;
import java.util.Set;

/// Checks a plan: task types exist, inputs match their schemas, and outputs match the inputs that use them.
///
/// The value of an expression is checked by type, if the producing task has an output schema. The consuming task checks
/// the rest when it runs.
final class TypeCheck {

    private final TaskRegistry tasks;

    TypeCheck(TaskRegistry tasks) {
        this.tasks = tasks;
    }

    /// @throws InvalidGraph with the location of the problem
    void check(WorkflowPlan plan) {
        plan.steps().values().forEach(step -> check(step, plan));
    }

    private void check(Step step, WorkflowPlan plan) {
        var location = "nodes." + step.name();
        var type = type(step, location);
        var items = items(step, plan, location);
        if (step.input().placeholders().isEmpty()) {
            try {
                type.check(step.submission().input());
            } catch (InvalidInput invalid) {
                var first = invalid.misfits().getFirst();
                throw new InvalidGraph(location + ".input" + first.pointer().replace('/', '.'), first.detail());
            }
            return;
        }
        step.input().placeholders().forEach(placeholder -> check(placeholder, type, items, plan, location));
        for (var misfit : Schemas.misfits(Schemas.compiled(type.inputSchema()), step.input().skeleton())) {
            var pointer = misfit.pointer();
            if (step.input().placeholders().stream()
                    .noneMatch(placeholder -> (pointer + "/").startsWith(placeholder.pointer() + "/")
                    || (placeholder.pointer() + "/").startsWith(pointer + "/") && !pointer.isEmpty())) {
                throw new InvalidGraph(location + ".input" + pointer.replace('/', '.'), misfit.detail());
            }
        }
    }

    private OperationType type(Step step, String location) {
        try {
            var type = tasks.required(step.submission().type());
            if (type.defect() != null) {
                throw new InvalidGraph(location + ".type", type.defect());
            }
            return type;
        } catch (UnknownTaskType unknown) {
            throw new InvalidGraph(location + ".type", String.valueOf(unknown.getMessage()));
        }
    }

    /// The type of the elements of a node's list.
    private SchemaType items(Step step, WorkflowPlan plan, String location) {
        if (step.forEach() == null || step.forEach().placeholders().isEmpty()) {
            return SchemaType.UNKNOWN;
        }
        var reference = (NodeReference) step.forEach().placeholders().getFirst().parts().getFirst();
        var valueType = outputType(reference, plan, location + ".for_each");
        if (valueType.excludes(Set.of("array"))) {
            throw new InvalidGraph(location + ".for_each", "expected a list, but " + reference.text() + " is "
                    + valueType.description());
        }
        return valueType.element();
    }

    private void check(Placeholder placeholder, OperationType type, SchemaType items, WorkflowPlan plan,
            String location) {
        var at = location + ".input" + placeholder.pointer().replace('/', '.');
        SchemaType actual = SchemaType.TEXT;
        for (var part : placeholder.parts()) {
            var valueType = switch (part) {
                case NodeReference reference -> outputType(reference, plan, at);
                case ItemReference item -> items.at(item.path())
                        .orElseThrow(() -> new InvalidGraph(at, "there is no " + Text.quoted(item.text())
                        + "; an element is " + items.description()));
                case TemplatePart.ItemIndex _ -> SchemaType.WHOLE_NUMBER;
                case TemplatePart.Constant _ -> SchemaType.TEXT;
            };
            actual = placeholder.parts().size() == 1 ? valueType : SchemaType.TEXT;
        }
        var wanted = SchemaType.of(type.inputSchema()).at(placeholder.at())
                .orElseThrow(() -> new InvalidGraph(at, "the input of " + type.type() + " has no such field; it is "
                        + SchemaType.of(type.inputSchema()).description()));
        if (actual.excludes(wanted.types())) {
            throw new InvalidGraph(at, "expected " + wanted.description() + ", but " + placeholder.parts().stream()
                    .map(part -> part.json().path("text").asString("text")).toList() + " is " + actual.description());
        }
    }

    private SchemaType outputType(NodeReference reference, WorkflowPlan plan, String location) {
        var source = plan.steps().get(reference.node());
        if (reference.source().equals("status")) {
            return SchemaType.TEXT;
        }
        if (reference.source().equals("error")) {
            return SchemaType.UNKNOWN;
        }
        var output = tasks.find(source.submission().type()).map(TypeCheck::outputType).orElse(SchemaType.UNKNOWN);
        var part = output.at(reference.path())
                .orElseThrow(() -> new InvalidGraph(location, "there is no " + Text.quoted(reference.text())
                        + "; the output of " + source.submission().type() + " is " + output.description()));
        return source.forEach() == null ? part : part.asList();
    }

    /// Types of remote workers have no output schema.
    private static SchemaType outputType(OperationType type) {
        return type instanceof RegisteredTask own ? SchemaType.of(own.outputSchema()) : SchemaType.UNKNOWN;
    }
}
