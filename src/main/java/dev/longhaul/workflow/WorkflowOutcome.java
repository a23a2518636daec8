package dev.longhaul.workflow;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What came of a workflow, from what came of its nodes: it failed if a node failed and no branch that is there for
/// that took care of it.
final class WorkflowOutcome {

    private final List<WorkflowNodeView> nodes;
    private final Map<String, WorkflowNodeView> byName;
    private final Map<String, List<WorkflowNodeView>> needing;

    WorkflowOutcome(List<WorkflowNodeView> nodes) {
        this.nodes = nodes;
        this.byName = nodes.stream().collect(Collectors.toMap(WorkflowNodeView::name, Function.identity()));
        this.needing = nodes.stream().flatMap(node -> node.needs().stream().map(need -> Map.entry(need, node)))
                .collect(Collectors.groupingBy(Map.Entry::getKey,
                        Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    }

    /// The nodes whose failure nobody took care of.
    List<WorkflowNodeView> failures() {
        return nodes.stream().filter(WorkflowNodeView::hasFailed).filter(node -> !isTakenCareOf(node)).toList();
    }

    /// By a node for failures that completed, behind it or behind what was skipped for it.
    private boolean isTakenCareOf(WorkflowNodeView failed) {
        var seen = new HashSet<String>();
        var next = new ArrayDeque<>(List.of(failed.name()));
        while (!next.isEmpty()) {
            for (var node : needing.getOrDefault(next.poll(), List.of())) {
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
