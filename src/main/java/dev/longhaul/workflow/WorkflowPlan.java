package dev.longhaul.workflow;

import dev.longhaul.operation.Limits;
import dev.longhaul.operation.StorableJson;
import dev.longhaul.operation.Submission;
import dev.longhaul.operation.Text;
import dev.longhaul.workflow.WorkflowGraph.Node;
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

/// A valid graph in topological order: every referenced node exists, and there is no cycle.
record WorkflowPlan(@Nullable String name, Map<String, Step> steps, @Nullable Template output) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z][\\w-]{0,63}");
    private static final int MAX_EDGES = 20_000;
    private static final int MAX_LIST_SIZE = 10_000;

    /// A node.
    ///
    /// @param needs   nodes in `needs` and in its expressions
    /// @param forEach null: one operation; else a list without placeholders, or a single expression
    record Step(String name, Set<String> needs, When when, Submission submission, Template input,
            @Nullable Template forEach,
            int maxParallel, double weight) {}

    /// @throws InvalidGraph with the location of the problem
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
                        "${item} and ${index} are only available in a node with for_each");
            }
        }
        var edges = steps.values().stream().mapToInt(step -> step.needs.size()).sum();
        if (edges > MAX_EDGES) {
            throw new InvalidGraph("nodes", "a graph has at most " + MAX_EDGES + " needs, not " + edges);
        }
        return new WorkflowPlan(graph.name(), inTopologicalOrder(steps), output);
    }

    private static Step step(String name, Node node, JsonNode input, Set<String> names, JsonMapper json) {
        var location = "nodes." + name;
        if (!NAME.matcher(name).matches() || TemplatePart.RESERVED.contains(name)) {
            throw new InvalidGraph("nodes",
                    "the name of a node is letters, digits, _ and -, begins with a letter, and is not item, index or "
                    + "input; not " + Text.quoted(name));
        }
        var given = node.input() == null
                ? JsonNodeFactory.instance.objectNode() : (JsonNode) json.valueToTree(node.input());
        var template = Template.of(given, location + ".input", input);
        var forEach = node.forEach() == null ? null : forEach(Template.of(json.valueToTree(node.forEach()), location
                + ".for_each", input), location + ".for_each");
        if (forEach == null && (template.needsItem() || node.maxParallel() != null)) {
            throw new InvalidGraph(location, "${item}, ${index} and max_parallel require for_each");
        }
        var needs = new LinkedHashSet<String>();
        var named = node.needs() == null ? List.<String>of() : node.needs();
        for (var n = 0; n < named.size(); n++) {
            requireNode(location + ".needs." + n, "", named.get(n), names);
            needs.add(named.get(n));
        }
        Stream.concat(template.references(), forEach == null ? Stream.empty() : forEach.references())
                .forEach(reference -> {
            requireNode(location, reference.text() + ": ", reference.node(), names);
            needs.add(reference.node());
        });
        if (node.when() == When.failure && needs.isEmpty()) {
            throw new InvalidGraph(location + ".when", "failure requires needs");
        }
        return new Step(name, needs, node.when() == null ? When.success : node.when(),
                submission(node, template, location),
                template, forEach,
                node.maxParallel() == null ? 1_000 : node.maxParallel(), node.weight() == null ? 1 : node.weight());
    }

    private static Template forEach(Template list, String location) {
        var isExpression = list.skeleton().isNull() && list.placeholders().size() == 1 && list.placeholders().getFirst()
                .parts()
                .size() == 1;
        if (!isExpression && (!list.skeleton().isArray() || !list.placeholders().isEmpty())) {
            throw new InvalidGraph(location, "expected a list, or an expression for one such as ${fetch.output}, not "
                    + Text.quoted(list.skeleton().toString()));
        }
        if (list.needsItem()) {
            throw new InvalidGraph(location, "the list must not contain ${item} or ${index}");
        }
        if (list.skeleton().size() > MAX_LIST_SIZE) {
            throw new InvalidGraph(location, "a list has at most " + MAX_LIST_SIZE + " elements, not "
                    + list.skeleton().size());
        }
        return list;
    }

    private static void requireNode(String location, String prefix, String name, Set<String> names) {
        if (!names.contains(name)) {
            throw new InvalidGraph(location, prefix + "there is no node " + Text.quoted(name) + "; there are "
                    + names.stream().limit(20).collect(Collectors.joining(", "))
                    + (names.size() > 20 ? " and " + (names.size() - 20) + " more" : ""));
        }
    }

    /// The submission of the node, without the placeholders.
    private static Submission submission(Node node, Template input, String location) {
        try {
            StorableJson.required("input", input.skeleton());
            return Submission.of(node.type(), input.skeleton())
                    .withQueue(node.queue() == null ? Submission.DEFAULT_QUEUE : node.queue())
                    .withPriority(node.priority() == null ? 0 : node.priority())
                    .with(limits -> limits.withMaxAttempts(node.maxAttempts() == null ? Limits.DEFAULT.maxAttempts()
                            : node.maxAttempts()).withTimeout(node.timeoutSeconds() == null ? null
                            : Duration.ofMillis(Math.round(node.timeoutSeconds() * 1_000))));
        } catch (IllegalArgumentException invalid) {
            throw new InvalidGraph(location, String.valueOf(invalid.getMessage()));
        }
    }

    /// Sorts the steps, because the database does not keep the order of JSON members. Depth-first search; a step that
    /// occurs again on the current path is part of a cycle. Iterative, because a chain of a thousand nodes would be a
    /// deep recursion.
    private static Map<String, Step> inTopologicalOrder(Map<String, Step> steps) {
        var sorted = new LinkedHashMap<String, Step>();
        var isSorted = new HashMap<String, Boolean>();   // false: on the current path
        for (var start : steps.keySet()) {
            var path = new ArrayList<String>();
            var remaining = new ArrayList<List<String>>();
            if (isSorted.putIfAbsent(start, false) == null) {
                path.add(start);
                remaining.add(new ArrayList<>(steps.get(start).needs));
            }
            while (!path.isEmpty()) {
                var needs = remaining.getLast();
                if (needs.isEmpty()) {
                    sorted.put(path.getLast(), steps.get(path.getLast()));
                    isSorted.put(path.removeLast(), true);
                    remaining.removeLast();
                    continue;
                }
                var next = needs.removeLast();
                var known = isSorted.putIfAbsent(next, false);
                if (known == null) {
                    path.add(next);
                    remaining.add(new ArrayList<>(steps.get(next).needs));
                } else if (!known) {
                    throw new InvalidGraph("nodes", "a cycle: "
                            + String.join(" needs ", path.subList(path.indexOf(next), path.size())) + " needs " + next);
                }
            }
        }
        return sorted;
    }
}
