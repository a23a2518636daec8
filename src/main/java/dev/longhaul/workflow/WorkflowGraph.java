package dev.longhaul.workflow;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A workflow as somebody asks for it; see docs/workflows.md. In Java, [Workflow] builds one.
public record WorkflowGraph(
        @JsonPropertyDescription("What people call it") @Size(min = 1, max = 200) @Nullable String name,
        @JsonPropertyDescription(
                "Values that ${input.…} stands for, anywhere in the graph") @Nullable Map<String, Object> input,
        @JsonPropertyDescription("The nodes by name: letters, digits, _ and -, at most 64") @Size(min = 1,
        max = MOST_NODES) Map<String, GraphNode> nodes,
        @JsonPropertyDescription(
        "What the workflow returns; default: what became of each node") @Nullable Object output) {

    static final int MOST_NODES = 1_000;

    /// When a node runs, once all it needs is over. Named as in JSON.
    public enum When { success, failure, always }

    /// One operation, or one for each element of a list.
    public record GraphNode(
            @JsonPropertyDescription("What runs: one of the task types of the service") @Size(min = 1,
            max = 200) String type,
            @JsonPropertyDescription(
            "The nodes that must be over before; those that its ${…} name are needed anyway") @Nullable List<String> needs,
            @JsonPropertyDescription("success (default): all it needs completed; failure: something of it did not; "
            + "always") @Nullable When when,
            @JsonPropertyDescription("What the task needs. ${fetch.output.rows}, ${fetch.error.message}, "
            + "${fetch.status}, ${input.x}, and with for_each ${item} and ${index}, "
                    + "stand for values; $${ for ${") @Nullable Object input,
            @JsonPropertyDescription("A list, or ${…} that is one: one operation for each element, at most 10000; "
            + "its output is the list of their outputs") @Nullable Object forEach,
            @JsonPropertyDescription("With for_each: so many may be unfinished at once; default 1000") @Min(1) @Max(
            10_000) @Nullable Integer atOnce,
            @JsonPropertyDescription("Default: default") @Size(min = 1, max = 200) @Nullable String queue,
            @JsonPropertyDescription("-100 to 100, higher first; default 0") @Min(-100) @Max(
                    100) @Nullable Integer priority,
            @JsonPropertyDescription("How many attempts may fail; default 5") @Min(1) @Max(
            1_000) @Nullable Integer maxAttempts,
            @JsonPropertyDescription("Seconds one attempt may run; default: no limit") @Min(1) @Max(
            31_536_000) @Nullable Double timeoutSeconds,
            @JsonPropertyDescription("Its share in the progress of the workflow; default 1") @Min(0) @Max(
            1_000_000) @Nullable Double weight) {

        public static GraphNode of(String type) {
            return new GraphNode(type, null, null, null, null, null, null, null, null, null, null);
        }

        public GraphNode needs(String... names) {
            return new GraphNode(type, List.of(names), when, input, forEach, atOnce, queue, priority, maxAttempts,
                    timeoutSeconds, weight);
        }

        public GraphNode when(When when) {
            return new GraphNode(type, needs, when, input, forEach, atOnce, queue, priority, maxAttempts, timeoutSeconds,
                    weight);
        }

        /// @param input a record of the task's, or anything else that Jackson writes as it wants it
        public GraphNode input(Object input) {
            return new GraphNode(type, needs, when, input, forEach, atOnce, queue, priority, maxAttempts, timeoutSeconds,
                    weight);
        }

        /// @param list a list, or an expression that is one, e.g. `${fetch.output}`
        public GraphNode forEach(Object list) {
            return new GraphNode(type, needs, when, input, list, atOnce, queue, priority, maxAttempts, timeoutSeconds,
                    weight);
        }

        public GraphNode atOnce(int atOnce) {
            return new GraphNode(type, needs, when, input, forEach, atOnce, queue, priority, maxAttempts, timeoutSeconds,
                    weight);
        }

        public GraphNode queue(String queue) {
            return new GraphNode(type, needs, when, input, forEach, atOnce, queue, priority, maxAttempts, timeoutSeconds,
                    weight);
        }

        public GraphNode priority(int priority) {
            return new GraphNode(type, needs, when, input, forEach, atOnce, queue, priority, maxAttempts, timeoutSeconds,
                    weight);
        }

        public GraphNode maxAttempts(int maxAttempts) {
            return new GraphNode(type, needs, when, input, forEach, atOnce, queue, priority, maxAttempts, timeoutSeconds,
                    weight);
        }

        public GraphNode timeoutSeconds(double timeoutSeconds) {
            return new GraphNode(type, needs, when, input, forEach, atOnce, queue, priority, maxAttempts, timeoutSeconds,
                    weight);
        }

        public GraphNode weight(double weight) {
            return new GraphNode(type, needs, when, input, forEach, atOnce, queue, priority, maxAttempts, timeoutSeconds,
                    weight);
        }
    }
}
