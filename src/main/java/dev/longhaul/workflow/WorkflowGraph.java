package dev.longhaul.workflow;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The definition of a workflow; see docs/workflows.md. [Workflow] builds one.
public record WorkflowGraph(@JsonPropertyDescription("Name for people") @Size(min = 1,
                max = 200) @Nullable String name,
        @JsonPropertyDescription("Values of ${input.…} in the graph") @Nullable Map<String, Object> input,
        @JsonPropertyDescription("Nodes by name: letters, digits, _ and -, at most 64") @Size(min = 1,
                max = MAX_NODES) Map<String, Node> nodes,
        @JsonPropertyDescription("Output of the workflow; default: the status of each node") @Nullable Object output) {

    static final int MAX_NODES = 1_000;

    /// When a node runs after its needed nodes have finished. Spelled as in JSON.
    public enum When { success, failure, always }

    /// One operation, or one per element of a list.
    public record Node(
            @JsonPropertyDescription("A task type of the service") @Size(min = 1,
            max = 200) String type,
            @JsonPropertyDescription(
            "Nodes that must finish first; nodes in its ${…} are added") @Nullable List<String> needs,
            @JsonPropertyDescription(
            "success (default): all needed nodes completed; failure: one did not; always") @Nullable When when,
            @JsonPropertyDescription("Input of the task. Expressions: ${fetch.output.rows}, "
                    + "${fetch.error.message}, ${fetch.status}, ${input.x}; with for_each ${item} and ${index}; "
                    + "write $${ "
                    + "for ${") @Nullable Object input,
            @JsonPropertyDescription("A list, or an expression for one: one operation per element, at most 10000; "
            + "its output is the list of their outputs") @Nullable Object forEach,
            @JsonPropertyDescription("With for_each: maximum number of unfinished operations; default 1000") @Min(
            1) @Max(
            10_000) @Nullable Integer maxParallel,
            @JsonPropertyDescription("Default: default") @Size(min = 1, max = 200) @Nullable String queue,
            @JsonPropertyDescription("-100 to 100, higher first; default 0") @Min(-100) @Max(
                    100) @Nullable Integer priority,
            @JsonPropertyDescription("Maximum number of failed attempts; default 5") @Min(1) @Max(
            1_000) @Nullable Integer maxAttempts,
            @JsonPropertyDescription("Maximum seconds per attempt; default: no limit") @Min(1) @Max(
            31_536_000) @Nullable Double timeoutSeconds,
            @JsonPropertyDescription("Weight in the progress of the workflow; default 1") @Min(0) @Max(
            1_000_000) @Nullable Double weight) {

        public static Node of(String type) {
            return new Node(type, null, null, null, null, null, null, null, null, null, null);
        }

        public Node needs(String... names) {
            return new Node(type, List.of(names), when, input, forEach, maxParallel, queue, priority, maxAttempts,
                    timeoutSeconds, weight);
        }

        public Node when(When when) {
            return new Node(type, needs, when, input, forEach, maxParallel, queue, priority, maxAttempts,
                    timeoutSeconds,
                    weight);
        }

        /// @param input input record of the task, or any object that Jackson serializes to it
        public Node input(Object input) {
            return new Node(type, needs, when, input, forEach, maxParallel, queue, priority, maxAttempts,
                    timeoutSeconds,
                    weight);
        }

        /// @param list a list, or an expression for one, e.g. `${fetch.output}`
        public Node forEach(Object list) {
            return new Node(type, needs, when, input, list, maxParallel, queue, priority, maxAttempts, timeoutSeconds,
                    weight);
        }

        public Node maxParallel(int maxParallel) {
            return new Node(type, needs, when, input, forEach, maxParallel, queue, priority, maxAttempts,
                    timeoutSeconds,
                    weight);
        }

        public Node queue(String queue) {
            return new Node(type, needs, when, input, forEach, maxParallel, queue, priority, maxAttempts,
                    timeoutSeconds,
                    weight);
        }

        public Node priority(int priority) {
            return new Node(type, needs, when, input, forEach, maxParallel, queue, priority, maxAttempts,
                    timeoutSeconds,
                    weight);
        }

        public Node maxAttempts(int maxAttempts) {
            return new Node(type, needs, when, input, forEach, maxParallel, queue, priority, maxAttempts,
                    timeoutSeconds,
                    weight);
        }

        public Node timeoutSeconds(double timeoutSeconds) {
            return new Node(type, needs, when, input, forEach, maxParallel, queue, priority, maxAttempts,
                    timeoutSeconds,
                    weight);
        }

        public Node weight(double weight) {
            return new Node(type, needs, when, input, forEach, maxParallel, queue, priority, maxAttempts,
                    timeoutSeconds,
                    weight);
        }
    }
}
