package dev.longhaul.workflow;

import static dev.longhaul.workflow.WorkflowGraph.When.always;
import static dev.longhaul.workflow.WorkflowGraph.When.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.operation.Status;
import dev.longhaul.workflow.WorkflowGraph.GraphNode;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a graph says is what happens: in order, once, and to the end, whatever fails in it.
class WorkflowTest extends GraphTest {

    private static final Logger log = LoggerFactory.getLogger(WorkflowTest.class);

    @Test
    void outputsBecomeInputsThroughFanOutAndFanIn() {
        var id = start(Workflow.named("rows").input("unit", Map.of("name", "rows"))
                .node("fetch",
                        parrot(Map.of("files",
                        List.of(Map.of("file", "a", "rows", 3), Map.of("file", "b", "rows", 5)))))
                .node("import",
                        parrot(Map.of("text",
                        "${index}: ${item.rows} ${input.unit.name} of ${item.file}, $${literally}", "rows",
                        "${item.rows}")).forEach("${fetch.output.said.files}"))
                .node("report", parrot(List.of("${import.output.said.rows}", "${import.output.said.text}",
                        "${import.status}", "${fetch.output.said.files[1].file}")))
                .output(Map.of("report", "${report.output.said}", "unit", "${input.unit}")));

        var operation = awaitEnd(id);

        assertThat(operation.status()).as(String.valueOf(operation.error())).isEqualTo(Status.COMPLETED);
        assertThat(operation.output()).isEqualTo(json.readTree("""
                {"report": [[3, 5], ["0: 3 rows of a, ${literally}", "1: 5 rows of b, ${literally}"], "completed", "b"], "unit": {"name": "rows"}}"""));
        assertThat(operation.progress().percent()).isEqualTo(100);
        assertThat(timeline(id)).containsExactly("fetch completed", "import.0 completed", "import.1 completed",
                "report completed");
    }

    @Test
    void aFailureSkipsWhatNeedsItAndRunsTheBranchThatIsThereForIt() {
        var id = start(Workflow.named("with a branch")
                .node("import", failing())
                .node("report", parrot("${import.output}"))
                .node("publish", parrot("it").needs("report"))
                .node("alarm", parrot("${import.error.message}").when(failure))
                .node("calm", parrot("all is well").needs("alarm").when(failure))
                .node("clean", parrot("${report.status}").when(always))
                .output("${alarm.output.said}"));

        var operation = awaitEnd(id);

        assertThat(statuses(id)).containsExactlyInAnyOrderEntriesOf(Map.of("import", "failed", "report", "skipped",
                "publish", "skipped", "alarm", "completed",
                "calm", "unneeded", "clean", "completed"));
        assertThat(operation.status()).as("the failure was taken care of").isEqualTo(Status.COMPLETED);
        assertThat(operation.output().asString()).isEqualTo("told to fail");
    }

    @Test
    void aFailureThatNobodyTakesCareOfFailsTheWorkflowAndSaysWhere() {
        var id = start(Workflow.named("fails")
                .node("list", parrot("x").forEach(List.of(1, 2, 3)))
                .node("import", failing().forEach(List.of("a", "b")))
                .node("report", parrot("${import.output}")));

        var operation = awaitEnd(id);

        assertThat(operation.status()).isEqualTo(Status.FAILED);
        assertThat(operation.error().message())
                .isEqualTo("1 of 3 nodes did not complete, and 1 were skipped for it: import: 2 of 2, the first: "
                + "told to fail");
    }

    @Test
    void whatCannotBeFilledInFailsItsNodeAndNamesIt() {
        var id = start(Workflow.named("no such value")
                .node("first", parrot(Map.of("a", List.of(1))))
                .node("second", parrot("${first.output.said.a[3]}"))
                .node("third", parrot("x").forEach("${first.output.said}")));

        assertThat(awaitEnd(id).error().message())
                .contains("second: ${first.output.said.a[3]} has no value: the output of first has no said.a.3",
                "third: for_each must be a list, and ${first.output.said} is of type object");
        assertThat(statuses(id)).containsEntry("first", "completed");
    }

    @Test
    void anEmptyListIsOverAtOnce() {
        var id = start(Workflow.named("nothing to do").node("none", parrot(List.of())).node("each",
                parrot("x").forEach("${none.output.said}"))
                .node("after", parrot("${each.output}")).output("${after.output.said}"));

        assertThat(awaitEnd(id).output()).isEqualTo(json.readTree("[]"));
    }

    @Test
    void fiveHundredWideAndAtMostSoManyAtOnce() {
        var id = start(Workflow.named("wide").node("list", parrot(IntStream.range(0, 500).boxed().toList()))
                .node("each", parrot("${item}").forEach("${list.output.said}").atOnce(40))
                .node("sum", parrot("${each.output.said}")).output("${sum.output.said}"));

        assertThat(awaitEnd(id).output()).hasSize(500).first().satisfies(first -> assertThat(first.asInt()).isZero());
        assertThat(number("""
                select max(depth) from (select sum(delta) over (order by at, delta) as depth from (
                    select created_at as at, 1 as delta from operation where parent_id = '%1$s' and node = 'each'
                    union all select finished_at, -1 from operation where parent_id = '%1$s' and node = 'each') as moves) as depths""".formatted(id))).isLessThanOrEqualTo(40);
        assertThat(number("select count(*) from operation where parent_id = '" + id + "'")).isEqualTo(502);
    }

    @Test
    void aPersonInTheMiddle() {
        var id = start(Workflow.named("asks").node("first", parrot(1_204))
                .node("approve", GraphNode.of("approval").input(Map.of("action", "Send to ${first.output.said} customers?",
                        "risk", "high")))
                .node("send", parrot("sent").needs("approve"))
                .node("refused", parrot("${approve.error.message}").when(failure)).output("${refused.status}"));
        await().until(() -> child(id, "approve").status() == Status.WAITING);
        var question = answers.all(child(id, "approve").id()).getFirst();
        assertThat(question.action()).isEqualTo("Send to 1204 customers?");
        assertThat(store.find(id).orElseThrow().status()).isEqualTo(Status.WAITING);

        answers.answer(child(id, "approve").id(), question.name(),
                json.readTree("{\"approved\": true, \"comment\": \"go\"}"), ANN);

        assertThat(awaitEnd(id).output().asString()).isEqualTo("unneeded");
        assertThat(statuses(id)).containsEntry("send", "completed");
    }

    @Test
    void cancelledAsAWholeItStartsNothingMore() {
        EchoTask.gate(key);
        var id = start(Workflow.named("cancelled").node("gate", parrot("x", key, 0)).node("after",
                parrot("y").needs("gate")).node("alarm", parrot("z").needs("gate").when(failure)));
        await().until(() ->
                number("select count(*) from operation where status = 'running' and node = 'gate' and parent_id = '"
                + id + "'") == 1);

        store.cancel(id, "not needed", ANN);
        EchoTask.gate(key).countDown();

        await().until(() -> child(id, "gate").isOver());
        assertThat(store.find(id).orElseThrow().status()).isEqualTo(Status.CANCELLED);
        assertThat(number("select count(*) from operation where parent_id = '" + id + "'")).isEqualTo(1);
        assertThat(statuses(id)).containsEntry("after", "waiting").containsEntry("alarm", "waiting");

        store.runAgain(id, "needed after all", ANN);

        assertThat(awaitEnd(id).status()).isEqualTo(Status.COMPLETED);
        assertThat(statuses(id)).containsEntry("after", "completed").containsEntry("alarm", "unneeded");
    }

    @Test
    void runAgainItGoesOnWhereItFailed() {
        var id = start(Workflow.named("again").node("first", parrot("x", key + "-first", 0)).node("second",
                parrot("${first.output.said}", key, 1))
                .node("third", parrot("${second.output.said}")).node("fourth", parrot("${third.output.said}"))
                        .output("${fourth.output.said}"));
        assertThat(awaitEnd(id).status()).isEqualTo(Status.FAILED);

        store.runAgain(id, "it is mended", ANN);

        await().until(() -> store.find(id).orElseThrow().status() == Status.COMPLETED);
        assertThat(store.find(id).orElseThrow().output().asString()).isEqualTo("x");
        assertThat(EchoTask.calls.get(key + "-first").get()).as("what had completed is not done again").isEqualTo(1);
        assertThat(child(id, "second").attempt()).isEqualTo(2);
    }

    @Test
    void progressIsOneNumberByWeight() {
        EchoTask.gate(key);
        var id = start(Workflow.named("weighed").node("a", parrot("x").weight(3))
                .node("b", parrot("x", key, 0).needs("a").weight(1)).node("c", parrot("x").needs("b").weight(4)));

        await().untilAsserted(() -> assertThat(store.find(id).orElseThrow().progress().percent()).isEqualTo(37.5));
        assertThat(store.find(id).orElseThrow().progress().message()).isEqualTo("1 of 3 operations are over");

        EchoTask.gate(key).countDown();
        assertThat(awaitEnd(id).progress().percent()).isEqualTo(100);
    }

    /// Whoever ends an operation moves the graph, and nobody else has to be there.
    @Test
    void anEndTypedInPsqlMovesTheGraphInTheSameTransaction() {
        EchoTask.gate(key);
        var id = start(Workflow.named("psql").node("gate", parrot("x", key, 0)).node("alarm",
                parrot("${gate.status}").when(failure)).output("${alarm.output.said}"));
        await().until(() ->
                number("select count(*) from operation where status = 'running' and node = 'gate' and parent_id = '"
                + id + "'") == 1);

        assertThat(number(("with ended as (update operation set status = 'cancelled' where node = 'gate' and "
                + "parent_id = '%s' returning id) select count(*) from ended").formatted(id))).isEqualTo(1);

        assertThat(number("select count(*) from operation where node = 'alarm' and parent_id = '" + id + "'"))
                .isEqualTo(1);
        EchoTask.gate(key).countDown();
        assertThat(awaitEnd(id).output().asString()).isEqualTo("cancelled");
    }

    /// Random graphs with random failures end as one reckons by hand, and their history is in topological order.
    @Test
    void randomGraphsEndAsTheySay() {
        var seed = Long.getLong("seed", System.nanoTime());
        log.info("seed {}", seed);
        var random = new Random(seed);
        for (var size : List.of(1, 7, 40, 40, 1_000)) {
            var graph = RandomGraph.of(size, random);
            var id = start(graph.workflow());

            awaitEnd(id);

            assertThat(statuses(id)).as("seed " + seed).containsExactlyInAnyOrderEntriesOf(graph.statuses());
            assertThat(number(RandomGraph.OUT_OF_ORDER.formatted(id)))
                    .as("operations that began before what they need was over").isZero();
            assertThat(number(RandomGraph.TWICE.formatted(id))).as("operations that are there twice, or ended twice")
                    .isZero();
        }
    }
}
