package dev.longhaul.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Status;
import dev.longhaul.operation.Submission;
import dev.longhaul.query.InvalidFilter;
import dev.longhaul.store.OperationStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.json.JsonMapper;

/// Many operations cancelled or run again at once, by an operation that tells how far it is.
@LonghaulTest
class BulkTest {

    private static final Caller ANN = new Caller("ann", "test");

    @Autowired
    BulkOperations bulk;
    @Autowired
    OperationStore store;
    @Autowired
    JdbcClient sql;
    @Autowired
    JsonMapper json;
    @Value("${test.superuser-url}")
    String superuserUrl;

    private final String queue = "bulk-test-" + UUID.randomUUID();

    @Test
    void allThatAFilterFindsAreCancelledBatchByBatchAndNoOthers() {
        submit(queue, 450);
        submit(queue + "-other", 3);

        assertThat(bulk.count(BulkAction.CANCEL, "queue:" + queue, null)).isEqualTo(450);
        assertThat(count("cancelled", queue)).as("a dry run changes nothing").isZero();
        var ended = awaitEnd(start(BulkAction.CANCEL, "queue:" + queue, "the file was wrong"));

        assertThat(ended.status()).isEqualTo(Status.COMPLETED);
        assertThat(ended.output()).isEqualTo(json.readTree("{\"matched\": 450, \"changed\": 450}"));
        assertThat(ended.progress().message()).isEqualTo("450 operations cancelled or asked to stop");
        assertThat(count("cancelled", queue)).isEqualTo(450);
        assertThat(count("pending", queue + "-other")).isEqualTo(3);
        assertThat(sql.sql("select name from operation_step where operation_id = :id order by finished_at, name")
                .param("id", ended.id().value()).query(String.class).list())
                .containsExactlyInAnyOrder("begin", "batch-1", "batch-2", "batch-3");
        assertThat(sql.sql("""
                select distinct h.changed_by || ': ' || h.reason from operation_history h
                    join operation o on o.id = h.operation_id
                where o.queue = :queue and h.to_status = 'cancelled'""").param("queue", queue).query(String.class).list())
                .containsExactly("operation " + ended.id() + ": the file was wrong");
    }

    @Test
    void whatWasCancelledIsRunAgain() {
        submit(queue, 210);
        awaitEnd(start(BulkAction.CANCEL, "queue:" + queue, null));

        var ended = awaitEnd(start(BulkAction.RETRY, "queue:" + queue + " created>-1h", "it was right after all"));

        assertThat(ended.output()).isEqualTo(json.readTree("{\"matched\": 210, \"changed\": 210}"));
        await().atMost(Duration.ofSeconds(20)).until(() -> count("completed", queue) == 210);
    }

    @Test
    void aChangeThatIsInterruptedGoesOnWhereItWasAndChangesNothingTwice() throws Exception {
        var ids = submit(queue, 450);
        OperationId id;
        try (var connection = new DriverManagerDataSource(superuserUrl).getConnection(); var statement =
                connection.createStatement()) {
            connection.setAutoCommit(false);
            // in the way of the second batch
            statement.execute("select 1 from operation where id = '" + ids.get(100) + "' for update");
            id = start(BulkAction.CANCEL, "queue:" + queue, null);
            await().until(() -> count("cancelled", queue) == 200);
            store.pause(id, "too much at once", ANN);
            connection.rollback();
        }
        await().until(() -> store.find(id).orElseThrow().status() == Status.PENDING);
        assertThat(count("cancelled", queue)).isEqualTo(400);

        store.resume(id, "go on", ANN);

        assertThat(awaitEnd(id).output()).isEqualTo(json.readTree("{\"matched\": 450, \"changed\": 450}"));
        assertThat(sql.sql("""
                select count(*) from operation_history h join operation o on o.id = h.operation_id
                where o.queue = :queue and h.to_status = 'cancelled'""").param("queue", queue).query(Integer.class).single()).as("each once").isEqualTo(450);
    }

    @Test
    void noMoreThanAskedAndTheNewestFirst() {
        var ids = submit(queue, 5);

        awaitEnd(start(BulkAction.CANCEL, new BulkInput("queue:" + queue, null, 2L, null, null), 2L));

        assertThat(ids.stream().map(id -> store.find(id).orElseThrow().status().word()))
                .containsExactly("pending", "pending", "pending", "cancelled", "cancelled");
    }

    @Test
    void whatIsSubmittedLaterIsLeftAloneAndSoIsTheChangeItself() {
        submit(queue, 1);
        var id = start(BulkAction.CANCEL, "status:pending,running queue:" + queue + ",bulk", null);

        assertThat(awaitEnd(id).status()).isEqualTo(Status.COMPLETED);
    }

    @Test
    void allThatAFilterFindsRestAndGoOnAgain() {
        submit(queue, 210);

        assertThat(bulk.count(BulkAction.RESUME, "queue:" + queue, null)).as("none rests").isZero();
        var paused = awaitEnd(start(BulkAction.PAUSE, "queue:" + queue, "the mail server is down"));
        assertThat(paused.output()).isEqualTo(json.readTree("{\"matched\": 210, \"changed\": 210}"));
        assertThat(paused.progress().message()).isEqualTo("210 operations paused");
        assertThat(paused(queue)).isEqualTo(210);
        assertThat(bulk.count(BulkAction.PAUSE, "queue:" + queue, null)).as("all rest").isZero();

        var resumed = awaitEnd(start(BulkAction.RESUME, "queue:" + queue, "it is up again"));
        assertThat(resumed.output()).isEqualTo(json.readTree("{\"matched\": 210, \"changed\": 210}"));
        assertThat(paused(queue)).isZero();
        assertThat(sql.sql("select count(*) from operation where queue = :queue and delayed").param("queue", queue)
                .query(Integer.class).single()).as("they wait for their time").isEqualTo(210);
    }

    @Test
    void whatIsOverIsDoneOverByNewOperationsEachOnce() {
        var ids = submit(queue, 203);
        awaitEnd(start(BulkAction.CANCEL, "queue:" + queue, null));
        submit(queue, 1);

        var ended = awaitEnd(start(BulkAction.RERUN, "queue:" + queue, "with the new file"));

        assertThat(ended.output()).isEqualTo(json.readTree("{\"matched\": 203, \"changed\": 203}"));
        assertThat(sql.sql("select distinct rerun_of from operation where queue = :queue and rerun_of is not null")
                .param("queue", queue).query(UUID.class).set())
                .isEqualTo(ids.stream().map(OperationId::value).collect(Collectors.toSet()));
        await().atMost(Duration.ofSeconds(20)).until(() -> count("completed", queue) == 203);
    }

    @Test
    void tagsAreAddedAndTakenAwayAlsoFromWhatIsOver() {
        submit(queue, 2);
        awaitEnd(start(BulkAction.CANCEL, "queue:" + queue, null));
        submit(queue, 2);
        sql.sql("update operation set tags = '{old,keep}' where queue = :queue").param("queue", queue).update();

        var ended = awaitEnd(start(BulkAction.TAG, new BulkInput("tag:old queue:" + queue, "renamed", null,
                List.of("new", "keep"), List.of("old")), 4L));

        assertThat(ended.output()).isEqualTo(json.readTree("{\"matched\": 4, \"changed\": 4}"));
        assertThat(sql.sql("select distinct array_to_string(tags, ' ') from operation where queue = :queue")
                .param("queue", queue).query(String.class).list()).containsExactly("keep new");
        assertThat(sql.sql("select count(*) from operation_history h join operation o on o.id = h.operation_id where "
                + "o.queue = :queue and h.event = 'edited' and h.reason = 'renamed'")
                .param("queue", queue).query(Integer.class).single()).isEqualTo(4);
        assertThat(awaitEnd(tag(List.of("new", "keep"), List.of("old"))).output()).as("they have these already")
                .isEqualTo(json.readTree("{\"matched\": 4, \"changed\": 0}"));
    }

    @Test
    void anOperationThatWouldHaveTooManyTagsStaysAsItIsAndTagsMustMakeSense() {
        submit(queue, 1);
        sql.sql("update operation set tags = array(select 't' || n from generate_series(1, 20) as n) where queue = "
                + ":queue").param("queue", queue).update();

        var ended = awaitEnd(tag(List.of("one-more"), List.of()));

        assertThat(ended.output()).isEqualTo(json.readTree("{\"matched\": 1, \"changed\": 0}"));
        assertThatThrownBy(() -> tag(List.of(), List.of()))
                .hasMessage("expected tags in add or remove, found none");
        assertThatThrownBy(() -> tag(List.of("a"), List.of("a")))
                .hasMessage("tag \"a\" is in add and in remove");
        assertThatThrownBy(() -> tag(List.of("a,b"), List.of())).hasMessageContaining("no comma");
        assertThatThrownBy(() -> start(BulkAction.PAUSE, new BulkInput("queue:" + queue, null, null, List.of("a"),
                null), null)).hasMessage("add and remove are for bulk_tag, not for bulk_pause");
    }

    @Test
    void aChangeOfAnotherNumberThanExpectedIsRefused() {
        submit(queue, 2);

        assertThatThrownBy(() -> start(BulkAction.CANCEL, new BulkInput("queue:" + queue, null, null, null, null), 3L))
                .isInstanceOf(CountMismatch.class)
                .hasMessage("the filter should find 3 operations, but finds 2");
        assertThat(count("pending", queue)).isEqualTo(2);
    }

    @Test
    void aFilterThatCannotBeUnderstoodOrIsMissingIsRefused() {
        assertThatThrownBy(() -> bulk.count(BulkAction.CANCEL, "colour:red", null)).isInstanceOf(InvalidFilter.class);
        assertThatThrownBy(() -> start(BulkAction.CANCEL, "colour:red", null)).isInstanceOf(InvalidFilter.class);
        assertThatThrownBy(() -> start(BulkAction.CANCEL, " ", null)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("filter must have a condition");
        assertThatThrownBy(() -> bulk.count(BulkAction.CANCEL, "", null))
                .hasMessageStartingWith("filter must have a condition");
    }

    private OperationId start(BulkAction action, String filter, String reason) {
        return start(action, new BulkInput(filter, reason, null, null, null), null);
    }

    private OperationId tag(List<String> add, List<String> remove) {
        return start(BulkAction.TAG, new BulkInput("queue:" + queue, null, null, add, remove), null);
    }

    private OperationId start(BulkAction action, BulkInput input, Long expectedCount) {
        return bulk.start(action, input, expectedCount, null, ANN).operation().id();
    }

    private List<OperationId> submit(String queue, int count) {
        var submission = Submission.of("simulation", json.createObjectNode().put("duration_seconds", 0).put("steps", 1))
                .withQueue(queue).withRunAt(Instant.now().plusSeconds(9_999));
        return store.submitAll(IntStream.range(0, count).mapToObj(_ -> submission).toList(), ANN);
    }

    private Operation awaitEnd(OperationId id) {
        await().atMost(Duration.ofSeconds(30)).until(() -> store.find(id).orElseThrow().isOver());
        return store.find(id).orElseThrow();
    }

    private int paused(String queue) {
        return sql.sql("select count(*) from operation where paused and queue = :queue").param("queue", queue)
                .query(Integer.class).single();
    }

    private int count(String status, String queue) {
        return sql.sql("select count(*) from operation where status = :status and queue = :queue")
                .param("status", status).param("queue", queue).query(Integer.class).single();
    }
}
