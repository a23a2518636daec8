package dev.longhaul.workflow;

import dev.longhaul.workflow.WorkflowGraph.GraphNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Builds a graph in Java:
///
/// ```java
/// var graph = Workflow.named("nightly")
///         .node("fetch", Node.of("http_request").forEach(urls).input(Map.of("url", "${item}")))
///         .node("import", Node.of("csv_import").forEach("${fetch.output}").input(Map.of("text", "${item.body}", "table", "orders")))
///         .graph();
/// workflows.start(graph, caller);
/// ```
public final class Workflow {

    private final @Nullable String name;
    private final Map<String, Object> input = new LinkedHashMap<>();
    private final Map<String, GraphNode> nodes = new LinkedHashMap<>();
    private @Nullable Object output;

    private Workflow(@Nullable String name) {
        this.name = name;
    }

    public static Workflow named(String name) {
        return new Workflow(name);
    }

    /// A value that `${input.name}` stands for.
    public Workflow input(String name, Object value) {
        input.put(name, value);
        return this;
    }

    /// @throws IllegalArgumentException if there is a node of that name
    public Workflow node(String name, GraphNode node) {
        if (nodes.putIfAbsent(name, node) != null) {
            throw new IllegalArgumentException("there is a node " + name + " already");
        }
        return this;
    }

    /// What the workflow returns, e.g. `${report.output}`.
    public Workflow output(Object output) {
        this.output = output;
        return this;
    }

    public WorkflowGraph graph() {
        return new WorkflowGraph(name, Map.copyOf(input), new LinkedHashMap<>(nodes), output);
    }
}
