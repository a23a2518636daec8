package dev.longhaul.workflow;

import dev.longhaul.operation.Limits;
import dev.longhaul.operation.StorableJson;
import dev.longhaul.operation.Submission;
import dev.longhaul.operation.Text;
import dev.longhaul.workflow.WorkflowGraph.GraphNode;
import dev.longhaul.workflow.WorkflowGraph.When;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// A graph that was read and makes sense: every name in it is there, and nothing waits for itself.
record WorkflowPlan(@Nullable String name, Map<String, Step> steps, @Nullable Template output) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z][\\w-]{0,63}");
    private static final int MOST_EDGES = 20_000;
    private static final int LONGEST_LIST = 10_000;

    /// One node.
    ///
    /// @param needs   what it names in `needs`, and what its expressions stand for
    /// @param forEach null: it is one operation. A list without holes, or a single expression
    record Step(String name, Set<String> needs, When when, Submission work, Template input, @Nullable Template forEach,
            int atOnce, double weight) {}

    /// @throws Misplaced naming the place of what cannot be
    static WorkflowPlan of(WorkflowGraph graph, JsonMapper json) {
        JsonNode input = json.valueToTree(graph.input() == null ? Map.of() : graph.input());
        var steps = new LinkedHashMap<String, Step>();
        graph.nodes().forEach((name, node) -> steps.put(name, step(name, node, input, graph.nodes().keySet(), json)));
        var output = graph.output() == null ? null : Template.of(json.valueToTree(graph.output()), "output", input);
        if (output != null) {
            output.references().forEach(reference -> requireNode("output", reference.text() + ": ", reference.node(),
                    steps.keySet()));
            if (output.needsItem()) {
                throw new InvalidGraph("output",
                        "${item} and ${index} stand for something only in a node with for_each");
            }
        }
        var edges = steps.values().stream().mapToInt(step -> step.needs.size()).sum();
        if (edges > MOST_EDGES) {
            throw new InvalidGraph("nodes", "there may be " + MOST_EDGES + " needs in all, not " + edges);
        }
        return new WorkflowPlan(graph.name(), inTurn(steps), output);
    }

    private static Step step(String name, GraphNode node, JsonNode input, Set<String> names, JsonMapper json) {
        var place = "nodes." + name;
        if (!NAME.matcher(name).matches() || TemplatePart.RESERVED.contains(name)) {
            throw new InvalidGraph("nodes",
                    "the name of a node is letters, digits, _ and -, begins with a letter, and is not item, index or "
                    + "input; not " + Text.quoted(name));
        }
        var given = node.input() == null
                ? JsonNodeFactory.instance.objectNode() : (JsonNode) json.valueToTree(node.input());
        var template = Template.of(given, place + ".input", input);
        var forEach = node.forEach() == null ? null : forEach(Template.of(json.valueToTree(node.forEach()), place
                + ".for_each", input), place + ".for_each");
        if (forEach == null && (template.needsItem() || node.atOnce() != null)) {
            throw new InvalidGraph(place, "${item}, ${index} and at_once need a for_each");
        }
        var needs = new LinkedHashSet<String>();
        var named = node.needs() == null ? List.<String>of() : node.needs();
        for (var n = 0; n < named.size(); n++) {
            requireNode(place + ".needs." + n, "", named.get(n), names);
            needs.add(named.get(n));
        }
        Stream.concat(template.references(), forEach == null ? Stream.empty() : forEach.references())
                .forEach(reference -> {
            requireNode(place, reference.text() + ": ", reference.node(), names);
            needs.add(reference.node());
        });
        if (node.when() == When.failure && needs.isEmpty()) {
            throw new InvalidGraph(place + ".when", "failure of what? Name it in needs");
        }
        return new Step(name, needs, node.when() == null ? When.success : node.when(), work(node, template, place),
                template, forEach,
                node.atOnce() == null ? 1_000 : node.atOnce(), node.weight() == null ? 1 : node.weight());
    }

    private static Template forEach(Template list, String place) {
        var isExpression = list.skeleton().isNull() && list.holes().size() == 1 && list.holes().getFirst().parts()
                .size() == 1;
        if (!isExpression && (!list.skeleton().isArray() || !list.holes().isEmpty())) {
            throw new InvalidGraph(place, "expected a list, or one expression that is one such as ${fetch.output}, not "
                    + Text.quoted(list.skeleton().toString()));
        }
        if (list.needsItem()) {
            throw new InvalidGraph(place, "the list cannot depend on its own elements");
        }
        if (list.skeleton().size() > LONGEST_LIST) {
            throw new InvalidGraph(place, "there may be " + LONGEST_LIST + " elements, not " + list.skeleton().size());
        }
        return list;
    }

    private static void requireNode(String place, String said, String name, Set<String> names) {
        if (!names.contains(name)) {
            throw new InvalidGraph(place, said + "there is no node " + Text.quoted(name) + "; there are "
                    + names.stream().limit(20).collect(Collectors.joining(", "))
                    + (names.size() > 20 ? " and " + (names.size() - 20) + " more" : ""));
        }
    }

    /// What it is submitted as, but for the holes.
    private static Submission work(GraphNode node, Template input, String place) {
        try {
            StorableJson.required("input", input.skeleton());
            return Submission.of(node.type(), input.skeleton())
                    .withQueue(node.queue() == null ? Submission.DEFAULT_QUEUE : node.queue())
                    .withPriority(node.priority() == null ? 0 : node.priority())
                    .with(limits -> limits.withMaxAttempts(node.maxAttempts() == null
                            ? Limits.DEFAULT.maxAttempts() : node.maxAttempts())
                            .withTimeout(node.timeoutSeconds() == null
                                    ? null : Duration.ofMillis(Math.round(node.timeoutSeconds() * 1_000))));
        } catch (IllegalArgumentException unfit) {
            throw new InvalidGraph(place, String.valueOf(unfit.getMessage()));
        }
    }

    /// Those that a step needs come before it, whatever order they were given in: the database does not keep that of
    /// JSON. Goes along the needs in depth, and whoever is met again on the way is in a cycle. Without recursion: a
    /// chain of a thousand nodes is no deep stack.
    private static Map<String, Step> inTurn(Map<String, Step> steps) {
        var inTurn = new LinkedHashMap<String, Step>();
        var isDone = new HashMap<String, Boolean>();   // false: on the way
        for (var start : steps.keySet()) {
            var way = new ArrayList<String>();
            var left = new ArrayList<List<String>>();
            if (isDone.putIfAbsent(start, false) == null) {
                way.add(start);
                left.add(new ArrayList<>(steps.get(start).needs));
            }
            while (!way.isEmpty()) {
                var rest = left.getLast();
                if (rest.isEmpty()) {
                    inTurn.put(way.getLast(), steps.get(way.getLast()));
                    isDone.put(way.removeLast(), true);
                    left.removeLast();
                    continue;
                }
                var next = rest.removeLast();
                var met = isDone.putIfAbsent(next, false);
                if (met == null) {
                    way.add(next);
                    left.add(new ArrayList<>(steps.get(next).needs));
                } else if (!met) {
                    throw new InvalidGraph("nodes", "a cycle: "
                            + String.join(" needs ", way.subList(way.indexOf(next), way.size())) + " needs " + next);
                }
            }
        }
        return inTurn;
    }
}
