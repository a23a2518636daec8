package dev.longhaul.workflow;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The outcome of a workflow: it failed if a node failed and no `when: failure` node handled it.
final class WorkflowOutcome {

    private final List<WorkflowNodeView> nodes;
    private final Map<String, WorkflowNodeView> byName;
    private final Map<String, List<WorkflowNodeView>> dependents;

    WorkflowOutcome(List<WorkflowNodeView> nodes) {
        this.nodes = nodes;
        this.byName = nodes.stream().collect(Collectors.toMap(WorkflowNodeView::name, Function.identity()));
        this.dependents = nodes.stream().flatMap(node -> node.needs().stream().map(need -> Map.entry(need, node)))
                .collect(Collectors.groupingBy(Map.Entry::getKey,
                        Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    }

    /// Failed nodes whose failure was not handled.
    List<WorkflowNodeView> unhandledFailures() {
        return nodes.stream().filter(WorkflowNodeView::hasFailed).filter(node -> !isHandled(node)).toList();
    }

    /// True if a `when: failure` node completed after the failed node or after a node that was skipped because of it.
    private boolean isHandled(WorkflowNodeView failed) {
        var seen = new HashSet<String>();
        var next = new ArrayDeque<>(List.of(failed.name()));
        while (!next.isEmpty()) {
            for (var node : dependents.getOrDefault(next.poll(), List.of())) {
                if (node.when().equals("failure") && node.status().equals("completed")) {
                    return true;
                }
                if (byName.get(node.name()).status().equals("skipped") && seen.add(node.name())) {
                    next.add(node.name());
                }
            }
        }
        return false;
    }
}
