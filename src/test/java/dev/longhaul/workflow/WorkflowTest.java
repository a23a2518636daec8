package dev.longhaul.workflow;

import static dev.longhaul.workflow.WorkflowGraph.When.always;
import static dev.longhaul.workflow.WorkflowGraph.When.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.operation.Status;
import dev.longhaul.workflow.WorkflowGraph.Node;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A workflow runs as its graph defines: in order, each operation once, and to the end.
class WorkflowTest extends GraphTest {

    private static final Logger log = LoggerFactory.getLogger(WorkflowTest.class);

    @Test
    void outputsBecomeInputsThroughFanOutAndFanIn() {
        var id = start(Workflow.named("rows").input("unit", Map.of("name", "rows"))
                        .node("fetch", echo(Map.of("files",
                                        List.of(Map.of("file", "a", "rows", 3), Map.of("file", "b", "rows", 5)))))
                        .node("import", echo(Map.of("text",
                                        "${index}: ${item.rows} ${input.unit.name} of ${item.file}, $${literally}",
                                        "rows", "${item.rows}")).forEach("${fetch.output.value.files}"))
                        .node("report", echo(List.of("${import.output.value.rows}", "${import.output.value.text}",
                                        "${import.status}", "${fetch.output.value.files[1].file}")))
                        .output(Map.of("report", "${report.output.value}", "unit", "${input.unit}")));

        var operation = awaitEnd(id);

        assertThat(operation.status()).as(String.valueOf(operation.error())).isEqualTo(Status.COMPLETED);
        assertThat(operation.output()).isEqualTo(json.readTree("""
                {"report": [[3, 5], ["0: 3 rows of a, ${literally}", "1: 5 rows of b, ${literally}"], "completed", \
                "b"], "unit": {"name": "rows"}}"""));
        assertThat(operation.progress().percent()).isEqualTo(100);
        assertThat(timeline(id)).containsExactly("fetch completed", "import.0 completed", "import.1 completed",
                "report completed");
    }

    @Test
    void aFailureSkipsDependentNodesAndRunsTheFailureBranch() {
        var id = start(Workflow.named("with a branch")
                .node("import", failing())
                .node("report", echo("${import.output}"))
                .node("publish", echo("it").needs("report"))
                .node("alarm", echo("${import.error.message}").when(failure))
                .node("calm", echo("all is well").needs("alarm").when(failure))
                .node("clean", echo("${report.status}").when(always))
                .output("${alarm.output.value}"));

        var operation = awaitEnd(id);

        assertThat(statuses(id)).containsExactlyInAnyOrderEntriesOf(Map.of("import", "failed", "report", "skipped",
                "publish", "skipped", "alarm", "completed",
                "calm", "not_triggered", "clean", "completed"));
        assertThat(operation.status()).as("the failure was handled").isEqualTo(Status.COMPLETED);
        assertThat(operation.output().asString()).isEqualTo("failure on request");
    }

    @Test
    void anUnhandledFailureFailsTheWorkflowWithItsNode() {
        var id = start(Workflow.named("fails")
                .node("list", echo("x").forEach(List.of(1, 2, 3)))
                .node("import", failing().forEach(List.of("a", "b")))
                .node("report", echo("${import.output}")));

        var operation = awaitEnd(id);

        assertThat(operation.status()).isEqualTo(Status.FAILED);
        assertThat(operation.error().message())
                .isEqualTo("1 of 3 nodes did not complete, 1 were skipped: import: 2 of 2, first error: "
                + "failure on request");
    }

    @Test
    void aMissingValueFailsItsNodeAndIsNamed() {
        var id = start(Workflow.named("no such value")
                .node("first", echo(Map.of("a", List.of(1))))
                .node("second", echo("${first.output.value.a[3]}"))
                .node("third", echo("x").forEach("${first.output.value}")));

        assertThat(awaitEnd(id).error().message())
                .contains("second: ${first.output.value.a[3]} has no value: the output of first has no value.a.3",
                "third: for_each must be a list, and ${first.output.value} is of type object");
        assertThat(statuses(id)).containsEntry("first", "completed");
    }

    @Test
    void anEmptyListCompletesImmediately() {
        var id = start(Workflow.named("nothing to do").node("none", echo(List.of())).node("each",
                echo("x").forEach("${none.output.value}"))
                .node("after", echo("${each.output}")).output("${after.output.value}"));

        assertThat(awaitEnd(id).output()).isEqualTo(json.readTree("[]"));
    }

    @Test
    void aWideListRespectsMaxParallel() {
        var id = start(Workflow.named("wide").node("list", echo(IntStream.range(0, 500).boxed().toList()))
                .node("each", echo("${item}").forEach("${list.output.value}").maxParallel(40))
                .node("sum", echo("${each.output.value}")).output("${sum.output.value}"));

        assertThat(awaitEnd(id).output()).hasSize(500).first().satisfies(first -> assertThat(first.asInt()).isZero());
        assertThat(queryNumber("""
                select max(depth) from (select sum(delta) over (order by at, delta) as depth from (
                    select created_at as at, 1 as delta from operation where parent_id = '%1$s'
                        and workflow_node = 'each'
                    union all
                    select finished_at, -1 from operation where parent_id = '%1$s'
                        and workflow_node = 'each') as changes)
                    as depths""".formatted(id))).isLessThanOrEqualTo(40);
        assertThat(queryNumber("select count(*) from operation where parent_id = '" + id + "'")).isEqualTo(502);
    }

    @Test
    void anApprovalInTheMiddle() {
        var id = start(Workflow.named("asks").node("first", echo(1_204))
                        .node("approve", Node.of("approval")
                                .input(Map.of("action", "Send to ${first.output.value} customers?", "risk", "high")))
                        .node("send", echo("sent").needs("approve"))
                        .node("refused", echo("${approve.error.message}").when(failure)).output("${refused.status}"));
        await().until(() -> child(id, "approve").status() == Status.WAITING);
        var request = inputRequests.all(child(id, "approve").id()).getFirst();
        assertThat(request.action()).isEqualTo("Send to 1204 customers?");
        assertThat(store.find(id).orElseThrow().status()).isEqualTo(Status.WAITING);

        inputRequests.answer(child(id, "approve").id(), request.name(),
                json.readTree("{\"approved\": true, \"comment\": \"go\"}"), ANN);

        assertThat(awaitEnd(id).output().asString()).isEqualTo("not_triggered");
        assertThat(statuses(id)).containsEntry("send", "completed");
    }

    @Test
    void aCancelledWorkflowSubmitsNothingMore() {
        EchoTask.gate(key);
        var id = start(Workflow.named("cancelled").node("gate", echo("x", key, 0)).node("after",
                echo("y").needs("gate")).node("alarm", echo("z").needs("gate").when(failure)));
        await().until(() ->
                queryNumber("select count(*) from operation where status = 'running' and workflow_node = 'gate' and parent_id "
                        + "= '"
                + id + "'") == 1);

        store.cancel(id, "not needed", ANN);
        EchoTask.gate(key).countDown();

        await().until(() -> child(id, "gate").isOver());
        assertThat(store.find(id).orElseThrow().status()).isEqualTo(Status.CANCELLED);
        assertThat(queryNumber("select count(*) from operation where parent_id = '" + id + "'")).isEqualTo(1);
        assertThat(statuses(id)).containsEntry("after", "waiting").containsEntry("alarm", "waiting");

        store.runAgain(id, "needed after all", ANN);

        assertThat(awaitEnd(id).status()).isEqualTo(Status.COMPLETED);
        assertThat(statuses(id)).containsEntry("after", "completed").containsEntry("alarm", "not_triggered");
    }

    @Test
    void aRetryResumesWhereTheWorkflowFailed() {
        var id = start(Workflow.named("again").node("first", echo("x", key + "-first", 0))
                        .node("second", echo("${first.output.value}", key, 1))
                        .node("third", echo("${second.output.value}")).node("fourth", echo("${third.output.value}"))
                        .output("${fourth.output.value}"));
        assertThat(awaitEnd(id).status()).isEqualTo(Status.FAILED);

        store.runAgain(id, "it is fixed", ANN);

        await().until(() -> store.find(id).orElseThrow().status() == Status.COMPLETED);
        assertThat(store.find(id).orElseThrow().output().asString()).isEqualTo("x");
        assertThat(EchoTask.calls.get(key + "-first").get()).as("calls of a completed node").isEqualTo(1);
        assertThat(child(id, "second").attempt()).isEqualTo(2);
    }

    @Test
    void progressIsWeighted() {
        EchoTask.gate(key);
        var id = start(Workflow.named("weighed").node("a", echo("x").weight(3))
                .node("b", echo("x", key, 0).needs("a").weight(1)).node("c", echo("x").needs("b").weight(4)));

        await().untilAsserted(() -> assertThat(store.find(id).orElseThrow().progress().percent()).isEqualTo(37.5));
        assertThat(store.find(id).orElseThrow().progress().message()).isEqualTo("1 of 3 operations have finished");

        EchoTask.gate(key).countDown();
        assertThat(awaitEnd(id).progress().percent()).isEqualTo(100);
    }

    /// The trigger advances the graph, so no service is needed.
    @Test
    void anOperationFinishedInSqlAdvancesTheGraphInTheSameTransaction() {
        EchoTask.gate(key);
        var id = start(Workflow.named("psql").node("gate", echo("x", key, 0)).node("alarm",
                echo("${gate.status}").when(failure)).output("${alarm.output.value}"));
        await().until(() ->
                queryNumber("select count(*) from operation where status = 'running' and workflow_node = 'gate' and parent_id "
                        + "= '"
                + id + "'") == 1);

        assertThat(queryNumber(("with ended as (update operation set status = 'cancelled' where workflow_node = 'gate' and "
                + "parent_id = '%s' returning id) select count(*) from ended").formatted(id))).isEqualTo(1);

        assertThat(queryNumber("select count(*) from operation where workflow_node = 'alarm' and parent_id = '" + id + "'"))
                .isEqualTo(1);
        EchoTask.gate(key).countDown();
        assertThat(awaitEnd(id).output().asString()).isEqualTo("cancelled");
    }

    /// Random graphs with random failures end in the expected statuses, and their history is in topological order.
    @Test
    void randomGraphsEndInTheExpectedStatuses() {
        var seed = Long.getLong("seed", System.nanoTime());
        log.info("seed {}", seed);
        var random = new Random(seed);
        for (var size : List.of(1, 7, 40, 40, 1_000)) {
            var graph = RandomGraph.of(size, random);
            var id = start(graph.workflow());

            awaitEnd(id);

            assertThat(statuses(id)).as("seed " + seed).containsExactlyInAnyOrderEntriesOf(graph.statuses());
            assertThat(queryNumber(RandomGraph.OUT_OF_ORDER.formatted(id)))
                    .as("operations that started before their needed nodes finished").isZero();
            assertThat(queryNumber(RandomGraph.TWICE.formatted(id))).as("duplicate operations or completions")
                    .isZero();
        }
    }
}
