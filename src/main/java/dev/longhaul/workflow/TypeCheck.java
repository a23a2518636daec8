package dev.longhaul.workflow;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.longhaul.operation.Text;
import dev.longhaul.task.InvalidInput;
import dev.longhaul.task.OperationType;
import dev.longhaul.task.RegisteredTask;
import dev.longhaul.task.Tasks;
import dev.longhaul.task.UnknownType;
import dev.longhaul.workflow.Part.OfItem;
import dev.longhaul.workflow.Part.OfNode;
import dev.longhaul.workflow.Plan.Step;
import dev.longhaul.workflow.Template.Hole;
import java.util.Set;

/// Whether the nodes of a plan can be what they say: their types exist, their inputs fit, and what one node makes fits where another takes it.
///
/// What is filled in later is known by its kind only, and only where the task that makes it says what it makes; the rest its own task finds out.
final class TypeCheck {

    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private final Tasks tasks;

    TypeCheck(Tasks tasks) {
        this.tasks = tasks;
    }

    /// @throws Misplaced naming the place of what does not fit
    void check(Plan plan) {
        plan.steps().values().forEach(step -> check(step, plan));
    }

    private void check(Step step, Plan plan) {
        var place = "nodes." + step.name();
        var type = type(step, place);
        var items = items(step, plan, place);
        if (step.input().holes().isEmpty()) {
            try {
                type.check(step.work().input());
            } catch (InvalidInput unfit) {
                throw new Misplaced(place + ".input", String.valueOf(unfit.getMessage()));
            }
            return;
        }
        step.input().holes().forEach(hole -> check(hole, type, items, plan, place));
        for (var problem : REGISTRY.getSchema(type.inputSchema()).validate(step.input().skeleton())) {
            var at = problem.getInstanceLocation().toString();
            var pointer = at.startsWith("/") || at.isEmpty() ? at : "/" + at;
            if (step.input().holes().stream().noneMatch(hole -> (pointer + "/").startsWith(hole.pointer() + "/") || (hole.pointer() + "/").startsWith(pointer + "/") && !pointer.isEmpty())) {
                throw new Misplaced(place + ".input" + pointer.replace('/', '.'), problem.getMessage().replaceFirst("^[^:]*: ", ""));
            }
        }
    }

    private OperationType type(Step step, String place) {
        try {
            return tasks.required(step.work().type());
        } catch (UnknownType unknown) {
            throw new Misplaced(place + ".type", String.valueOf(unknown.getMessage()));
        }
    }

    /// What the elements of a node's list are like.
    private Kind items(Step step, Plan plan, String place) {
        if (step.forEach() == null || step.forEach().holes().isEmpty()) {
            return Kind.UNKNOWN;
        }
        var reference = (OfNode) step.forEach().holes().getFirst().parts().getFirst();
        var kind = kind(reference, plan, place + ".for_each");
        if (kind.excludes(Set.of("array"))) {
            throw new Misplaced(place + ".for_each", "expected a list, and " + reference.text() + " is " + kind.words());
        }
        return kind.element();
    }

    private void check(Hole hole, OperationType type, Kind items, Plan plan, String place) {
        var at = place + ".input" + hole.pointer().replace('/', '.');
        Kind given = Kind.TEXT;
        for (var part : hole.parts()) {
            var kind = switch (part) {
                case OfNode reference -> kind(reference, plan, at);
                case OfItem item -> items.at(item.path()).orElseThrow(() -> new Misplaced(at, "there is nothing for " + Text.quoted(item.text()) + "; an element is " + items.words()));
                case Part.OfIndex _ -> Kind.WHOLE_NUMBER;
                case Part.Known _ -> Kind.TEXT;
            };
            given = hole.parts().size() == 1 ? kind : Kind.TEXT;
        }
        var wanted = Kind.of(type.inputSchema()).at(hole.at())
                .orElseThrow(() -> new Misplaced(at, "the input of " + type.type() + " has no such field; it is " + Kind.of(type.inputSchema()).words()));
        if (given.excludes(wanted.types())) {
            throw new Misplaced(at, "expected " + wanted.words() + ", and " + hole.parts().stream().map(part -> part.json().path("text").asString("text")).toList() + " is " + given.words());
        }
    }

    private Kind kind(OfNode reference, Plan plan, String place) {
        var source = plan.steps().get(reference.node());
        if (reference.of().equals("status")) {
            return Kind.TEXT;
        }
        if (reference.of().equals("error")) {
            return Kind.UNKNOWN;
        }
        var made = tasks.find(source.work().type()).map(TypeCheck::made).orElse(Kind.UNKNOWN);
        var part = made.at(reference.path())
                .orElseThrow(() -> new Misplaced(place, "there is nothing for " + Text.quoted(reference.text()) + "; what " + source.work().type() + " returns is " + made.words()));
        return source.forEach() == null ? part : part.listed();
    }

    /// Remote workers do not say what their types return.
    private static Kind made(OperationType type) {
        return type instanceof RegisteredTask own ? Kind.of(own.outputSchema()) : Kind.UNKNOWN;
    }
}
