package dev.longhaul.workflow;

import static dev.longhaul.workflow.WorkflowGraph.When.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.operation.Status;
import dev.longhaul.workflow.WorkflowGraph.Node;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A paused workflow pauses all its operations and resumes them.
class PausedWorkflowTest extends GraphTest {

    private static final Logger log = LoggerFactory.getLogger(PausedWorkflowTest.class);

    @Test
    void aPausedWorkflowSubmitsNothingUntilItIsResumed() {
        EchoTask.gate(key);
        var id = start(Workflow.named("paused").node("gate", echo("x", key, 0))
                        .node("after", echo("${gate.output.value}"))
                        .node("each", echo("${item}").needs("gate").forEach(List.of(1, 2)))
                        .node("alarm", echo("z").needs("gate").when(failure))
                        .output(List.of("${after.output.value}", "${each.output.value}")));
        await().until(() ->
                queryNumber("select count(*) from operation where status = 'running' and workflow_node = 'gate' and parent_id "
                        + "= '"
                + id + "'") == 1);

        store.pause(id, "the disk is full", ANN);
        EchoTask.gate(key).countDown();

        await().until(() -> child(id, "gate").isOver());
        assertThat(queryNumber("select count(*) from operation where parent_id = '" + id + "'"))
                .as("submitted operations").isEqualTo(1);
        assertThat(statuses(id)).containsExactlyInAnyOrderEntriesOf(Map.of("gate", "completed", "after", "waiting",
                "each", "waiting", "alarm", "waiting"));

        store.resume(id, "there is room", ANN);

        assertThat(awaitEnd(id).output()).isEqualTo(json.readTree("[\"x\", [1, 2]]"));
        assertThat(statuses(id)).containsEntry("alarm", "not_triggered");
    }

    @Test
    void itsOperationsArePausedAndResumedWithIt() {
        var id = start(Workflow.named("paused with children")
                        .node("work", Node.of("simulation").input(Map.of("duration_seconds", 60, "steps", 600)))
                        .node("question", Node.of("approval").input(Map.of("action", "Go?")))
                        .node("other", Node.of("approval").input(Map.of("action", "Really?"))));
        await().until(() -> child(id, "work").status() == Status.RUNNING && child(id, "question").status()
                == Status.WAITING && child(id, "other").status() == Status.WAITING);
        store.pause(child(id, "other").id(), "not this one", ANN);

        store.pause(id, "the disk is full", ANN);

        await().until(() -> child(id, "work").status() == Status.PENDING);
        assertThat(List.of("work", "question", "other"))
                .allSatisfy(node -> assertThat(child(id, node).paused()).as(node).isTrue());
        assertThat(reasons(child(id, "question"))).endsWith("workflow paused");

        store.resume(id, "there is room", ANN);

        await().until(() -> child(id, "work").status() == Status.RUNNING);
        assertThat(child(id, "question").paused()).isFalse();
        assertThat(reasons(child(id, "question"))).endsWith("workflow resumed");
        assertThat(child(id, "other").paused()).as("paused individually").isTrue();

        store.cancel(id, "enough", ANN);
        await().until(() -> Set.of("work", "question", "other").stream().allMatch(node -> child(id, node).status()
                == Status.CANCELLED));
    }

    /// Pauses and resumes continuously while operations finish.
    @Test
    void noPauseLosesAFinishedOperation() {
        var seed = Long.getLong("seed", System.nanoTime());
        log.info("seed {}", seed);
        var random = new Random(seed);
        for (var round = 0; round < 5; round++) {
            var graph = RandomGraph.of(100, random);
            var id = start(graph.workflow());

            var pauses = 0;
            while (!store.find(id).orElseThrow().isOver()) {
                store.pause(id, null, ANN);
                store.resume(id, null, ANN);
                pauses++;
            }

            log.info("paused {} times", pauses);
            assertThat(pauses).isPositive();
            assertThat(statuses(id)).as("seed " + seed).containsExactlyInAnyOrderEntriesOf(graph.statuses());
            assertThat(queryNumber(RandomGraph.OUT_OF_ORDER.formatted(id)))
                    .as("operations that started before their needed nodes finished").isZero();
            assertThat(queryNumber(RandomGraph.TWICE.formatted(id))).as("duplicate operations or completions")
                    .isZero();
        }
    }
}
