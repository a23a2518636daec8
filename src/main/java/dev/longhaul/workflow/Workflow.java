package dev.longhaul.workflow;

import dev.longhaul.workflow.WorkflowGraph.Node;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Builds a graph:
///
/// ```java
/// var graph = Workflow.named("nightly")
///         .node("fetch", Node.of("http_request").forEach(urls).input(Map.of("url", "${item}")))
///         .node("import", Node.of("csv_import").forEach("${fetch.output}")
///                 .input(Map.of("text", "${item.body}", "table", "orders")))
///         .graph();
/// workflows.start(graph, caller);
/// ```
public final class Workflow {

    private final @Nullable String name;
    private final Map<String, Object> input = new LinkedHashMap<>();
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private @Nullable Object output;

    private Workflow(@Nullable String name) {
        this.name = name;
    }

    public static Workflow named(String name) {
        return new Workflow(name);
    }

    /// Sets the value of `${input.name}`.
    public Workflow input(String name, Object value) {
        input.put(name, value);
        return this;
    }

    /// @throws IllegalArgumentException if the name is taken
    public Workflow node(String name, Node node) {
        if (nodes.putIfAbsent(name, node) != null) {
            throw new IllegalArgumentException("node " + name + " already exists");
        }
        return this;
    }

    /// Sets the output of the workflow, e.g. `${report.output}`.
    public Workflow output(Object output) {
        this.output = output;
        return this;
    }

    public WorkflowGraph graph() {
        return new WorkflowGraph(name, Map.copyOf(input), new LinkedHashMap<>(nodes), output);
    }
}
