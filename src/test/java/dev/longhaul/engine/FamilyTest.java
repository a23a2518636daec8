package dev.longhaul.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Status;
import dev.longhaul.operation.Submission;
import dev.longhaul.operation.WaitReason;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/// Children: submitted once, waited for without a thread, stopped with their parent.
@LonghaulTest
@TestPropertySource(properties = {"longhaul.engine.backoff=50ms", "longhaul.engine.cancel-grace=300ms"})
class FamilyTest extends ScriptedTaskTest {

    private final String key = UUID.randomUUID().toString();

    @Test
    void aParentWaitsForItsChildrenWithoutAThread() {
        var parent = submit("wait at gates", 3, 1);
        await().until(() -> find(parent).waitsFor() == WaitReason.OPERATIONS);

        assertThat(sql.sql("select count(*) from operation where worker_id is not null and id = :id")
                .param("id", parent.value()).query(Integer.class).single()).isZero();
        ScriptedTask.gate(key + "-0").countDown();
        await().until(() -> find(parent).progress().percent() > 33);
        assertThat(find(parent).progress().message()).isEqualTo("1 of 3 operations have finished");
        ScriptedTask.gate(key + "-1").countDown();
        ScriptedTask.gate(key + "-2").countDown();

        var ended = awaitEnd(parent);
        assertThat(ended.output()).isEqualTo(json.readTree("{\"children\":3,\"completed\":3,\"first\":\"completed\"}"));
        assertThat(ended.attempt()).isEqualTo(1);
        assertThat(children(parent)).hasSize(3);
        assertThat(history(parent)).containsExactly("pending", "running", "waiting waits for 3 operations", "pending",
                "running", "completed");
    }

    @Test
    void theProgressOfAParentIsThatOfItsChildrenByWeight() {
        var parent = submit("one by one", 3, 1);   // weights 1, 2, 3

        await().until(() -> find(parent).waitsFor() == WaitReason.OPERATIONS);
        ScriptedTask.gate(key + "-0").countDown();
        await().until(() -> find(parent).progress().percent() == 16.67);
        ScriptedTask.gate(key + "-1").countDown();
        await().until(() -> find(parent).progress().percent() == 50);
        ScriptedTask.gate(key + "-2").countDown();
        var ended = awaitEnd(parent);

        assertThat(ended.status()).isEqualTo(Status.COMPLETED);
        assertThat(sql.sql("select weight::int from operation where parent_id = :id order by id")
                .param("id", parent.value()).query(Integer.class).list())
                .containsExactly(1, 2, 3);
    }

    @Test
    void childrenThatFailDoNotFailTheirParent() {
        var ended = awaitEnd(submit("all but the first fail", 3, 1));

        assertThat(ended.output()).isEqualTo(json.readTree("{\"children\":3,\"completed\":1,\"first\":\"completed\"}"));
    }

    @Test
    void aParentCanWaitForSomeOfItsChildren() {
        var parent = submit("the first only", 3, 1);

        assertThat(awaitEnd(parent).output())
                .isEqualTo(json.readTree("{\"children\":1,\"completed\":1,\"first\":\"completed\"}"));
        assertThat(children(parent).stream().filter(child -> !find(child).isOver())).hasSize(2);
        ScriptedTask.gate(key + "-1").countDown();
        ScriptedTask.gate(key + "-2").countDown();
    }

    @Test
    void aParentCanWaitForItsGrandchildren() {
        var parent = submit("leaves", 3, 3);

        assertThat(awaitEnd(parent).status()).isEqualTo(Status.COMPLETED);
        assertThat(sql.sql("with recursive family as (select id from operation where id = :id union all select o.id "
                + "from operation o join family f on o.parent_id = f.id) "
                + "select count(*) from family").param("id", parent.value()).query(Integer.class).single())
                .isEqualTo(1 + 3 + 9 + 27);
    }

    @Test
    void manyChildrenAreSubmittedOnceAndWakeTheirParentOnce() {
        var parent = submit("leaves", 500, 1);

        assertThat(awaitEnd(parent).output().get("completed").asInt()).isEqualTo(500);
        assertThat(children(parent)).hasSize(500);
        assertThat(ScriptedTask.calls("runs " + parent).get()).isEqualTo(2);
    }

    @Test
    void childrenStopWithTheirParentAndRunAgainWithIt() {
        var parent = submit("wait at gates", 2, 2);
        await().until(() -> leaves(parent).size() == 4
                && leaves(parent).stream().allMatch(leaf -> find(leaf).status() == Status.RUNNING));

        store.cancel(parent, "not needed", ANN);

        assertThat(find(parent).status()).isEqualTo(Status.CANCELLED);
        leaves(parent).forEach(leaf -> assertThat(awaitEnd(leaf).status()).isEqualTo(Status.CANCELLED));
        assertThat(history(leaves(parent).getFirst()))
                .containsExactly("pending", "running", "running parent stopped", "cancelled");

        store.runAgain(parent, "needed after all", ANN);
        ScriptedTask.gate(key + "-0").countDown();
        ScriptedTask.gate(key + "-1").countDown();

        assertThat(awaitEnd(parent).status()).isEqualTo(Status.COMPLETED);
        leaves(parent).forEach(leaf -> assertThat(find(leaf).status()).isEqualTo(Status.COMPLETED));
        assertThat(leaves(parent)).as("the same ones").hasSize(4);
    }

    @Test
    void aChildCancelledInPsqlLetsItsParentContinue() {
        var parent = submit("wait at gates", 1, 1);
        await().until(() -> find(parent).status() == Status.WAITING);

        psql("update operation set status = 'cancelled' where parent_id = '" + parent + "'");

        assertThat(awaitEnd(parent).output())
                .isEqualTo(json.readTree("{\"children\":1,\"completed\":0,\"first\":\"cancelled\"}"));
        ScriptedTask.gate(key + "-0").countDown();
    }

    private OperationId submit(String trick, int children, int generations) {
        return store.submit(Submission.of("family", json.createObjectNode().put("trick", trick).put("key", key)
                .put("children", children)
                .put("generations", generations)), ANN).operation().id();
    }

    private List<OperationId> children(OperationId parent) {
        return sql.sql("select id from operation where parent_id = :id order by id").param("id", parent.value())
                .query(UUID.class).list().stream().map(OperationId::new).toList();
    }

    private List<OperationId> leaves(OperationId parent) {
        return children(parent).stream().flatMap(child -> children(child).stream()).toList();
    }

    @Override
    dev.longhaul.operation.Operation awaitEnd(OperationId id) {
        await().atMost(Duration.ofSeconds(60)).until(() -> find(id).isOver());
        return find(id);
    }
}
