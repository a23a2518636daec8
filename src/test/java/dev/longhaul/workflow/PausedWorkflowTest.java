package dev.longhaul.workflow;

import static dev.longhaul.workflow.WorkflowGraph.When.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.operation.Status;
import dev.longhaul.workflow.WorkflowGraph.GraphNode;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A workflow that somebody pauses rests as a whole, and goes on where it was.
class PausedWorkflowTest extends GraphTest {

    private static final Logger log = LoggerFactory.getLogger(PausedWorkflowTest.class);

    @Test
    void pausedAsAWholeItReleasesNothingUntilItGoesOn() {
        EchoTask.gate(key);
        var id = start(Workflow.named("paused").node("gate", parrot("x", key, 0)).node("after",
                parrot("${gate.output.said}"))
                .node("each", parrot("${item}").needs("gate").forEach(List.of(1, 2)))
                        .node("alarm", parrot("z").needs("gate").when(failure))
                .output(List.of("${after.output.said}", "${each.output.said}")));
        await().until(() ->
                number("select count(*) from operation where status = 'running' and node = 'gate' and parent_id = '"
                + id + "'") == 1);

        store.pause(id, "the disk is full", ANN);
        EchoTask.gate(key).countDown();

        await().until(() -> child(id, "gate").isOver());
        assertThat(number("select count(*) from operation where parent_id = '" + id + "'"))
                .as("nothing follows from an end meanwhile").isEqualTo(1);
        assertThat(statuses(id)).containsExactlyInAnyOrderEntriesOf(Map.of("gate", "completed", "after", "waiting",
                "each", "waiting", "alarm", "waiting"));

        store.resume(id, "there is room", ANN);

        assertThat(awaitEnd(id).output()).isEqualTo(json.readTree("[\"x\", [1, 2]]"));
        assertThat(statuses(id)).containsEntry("alarm", "unneeded");
    }

    @Test
    void itsOperationsRestWithItAndGoOnWithIt() {
        var id = start(Workflow.named("rests").node("work",
                GraphNode.of("rehearsal").input(Map.of("duration_seconds", 60, "steps", 600)))
                .node("question", GraphNode.of("approval").input(Map.of("action", "Go?")))
                        .node("other", GraphNode.of("approval").input(Map.of("action", "Really?"))));
        await().until(() -> child(id, "work").status() == Status.RUNNING && child(id, "question").status()
                == Status.WAITING && child(id, "other").status() == Status.WAITING);
        store.pause(child(id, "other").id(), "not this one", ANN);

        store.pause(id, "the disk is full", ANN);

        await().until(() -> child(id, "work").status() == Status.PENDING);
        assertThat(List.of("work", "question", "other"))
                .allSatisfy(node -> assertThat(child(id, node).paused()).as(node).isTrue());
        assertThat(reasons(child(id, "question"))).endsWith("its workflow is paused");

        store.resume(id, "there is room", ANN);

        await().until(() -> child(id, "work").status() == Status.RUNNING);
        assertThat(child(id, "question").paused()).isFalse();
        assertThat(reasons(child(id, "question"))).endsWith("its workflow goes on");
        assertThat(child(id, "other").paused()).as("whom somebody paused by itself").isTrue();

        store.cancel(id, "enough", ANN);
        await().until(() -> Set.of("work", "question", "other").stream().allMatch(node -> child(id, node).status()
                == Status.CANCELLED));
    }

    /// Somebody pauses and resumes, while ends come from all sides.
    @Test
    void noPauseLosesAnEnd() {
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
            assertThat(number(RandomGraph.OUT_OF_ORDER.formatted(id)))
                    .as("operations that began before what they need was over").isZero();
            assertThat(number(RandomGraph.TWICE.formatted(id))).as("operations that are there twice, or ended twice")
                    .isZero();
        }
    }
}
