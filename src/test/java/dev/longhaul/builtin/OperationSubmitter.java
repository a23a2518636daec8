package dev.longhaul.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Status;
import dev.longhaul.operation.Submission;
import dev.longhaul.store.OperationStore;
import dev.longhaul.types.TaskRegistry;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Submits operations like the interfaces, and waits for their end.
record OperationSubmitter(TaskRegistry tasks, OperationStore store, JsonMapper json) {

    OperationId start(String type, String input) {
        return store.submit(tasks.checked(Submission.of(type, json.readTree(input.replace('\'', '"')))),
                new Caller("ann", "test")).operation().id();
    }

    Operation run(String type, String input) {
        return end(start(type, input));
    }

    /// Runs an operation that must complete.
    JsonNode output(String type, String input) {
        var operation = run(type, input);
        assertThat(operation.error()).as("error").isNull();
        return operation.output();
    }

    /// Runs an operation that must fail in its first attempt.
    String error(String type, String input) {
        var operation = run(type, input);
        assertThat(operation.status()).isEqualTo(Status.FAILED);
        assertThat(operation.attempt()).as("attempts").isEqualTo(1);
        return operation.error().message();
    }

    Operation end(OperationId id) {
        await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(10)).until(() -> find(id).isOver());
        return find(id);
    }

    Operation find(OperationId id) {
        return store.find(id).orElseThrow();
    }
}
