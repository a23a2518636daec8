package dev.longhaul.database;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longhaul.LonghaulTest;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Submission;
import dev.longhaul.store.OperationStore;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.postgresql.util.PGInterval;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.json.JsonMapper;

/// Longer than 300 lines: one test for each question, all of the same day.
///
/// Every question in `db/audit`, asked by an auditor after a day on which operations completed, failed, were retried,
/// cancelled, changed by hand, and taken over from a node that died.
@LonghaulTest
@TestPropertySource(properties = {"longhaul.engine.backoff=50ms", "longhaul.engine.name=survivor"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuditTest {

    private static final Caller ANN = new Caller("ann", "test");

    /// Which file of `db/audit` a test asks.
    @Retention(RetentionPolicy.RUNTIME)
    @interface Question {
        String value();
    }

    @Autowired
    OperationStore store;
    @Autowired
    JsonMapper json;
    @Value("${test.reader-url}")
    String readerUrl;
    @Value("${test.superuser-url}")
    String superuserUrl;

    private SingleConnectionDataSource readerConnection;
    private JdbcClient reader;
    private JdbcClient superuser;
    private AuditFile file;

    private String today;
    private UUID workflow;
    private UUID completed;
    private UUID retried;
    private UUID cancelled;
    private UUID rescued;
    private List<UUID> failed;

    @BeforeAll
    void aDayPasses() {
        reader = JdbcClient.create(readerConnection = new SingleConnectionDataSource(readerUrl, true));
        // where it is noon: the test stays within a day
        reader.sql("set time zone " + (12 - Instant.now().atOffset(ZoneOffset.UTC).getHour())).update();
        superuser = JdbcClient.create(new DriverManagerDataSource(superuserUrl));
        today = reader.sql("select current_date::text").query(String.class).single();

        workflow = laidOutForTomorrow();
        completed = submit(Submission.of("simulation", json.createObjectNode().put("duration_seconds", 2)
                .put("steps", 200)));
        retried = submit(trick("fail twice"));
        failed = List.of(submit(trick("fail for good")), submit(trick("fail for good")),
                submit(trick("fail").withRunAt(tomorrow())));
        cancelled = submit(trick("fail").withRunAt(tomorrow()));
        store.cancel(operation(cancelled).id(), "not needed", new Caller("bob", "test"));
        change(failed.get(2), "status = 'failed', reason = 'asked for by mistake'");
        rescued = heldByADeadNode();

        Stream.of(List.of(completed, retried, rescued), failed).flatMap(List::stream)
                .forEach(id -> await().atMost(Duration.ofSeconds(60)).until(() -> operation(id).isOver()));
        change(completed, "priority = 7, reason = 'for the books'");
    }

    private UUID laidOutForTomorrow() {
        var id = submit(Submission.of("workflow", json.readTree("{\"nodes\": {\"a\": {\"type\": \"compose\"}}}"))
                .withRunAt(tomorrow()));
        superuser.sql("""
                insert into workflow (id, name, node_count) values ('%1$s', 'nightly', 2);
                insert into workflow_node (workflow_id, name, position, pending_dependencies, type, input, status,
                    total, submitted)
                values ('%1$s', 'fetch', 1, 0, 'compose', '{}', 'running', 1, 1),
                    ('%1$s', 'import', 2, 1, 'compose', '{}', 'waiting', null, 0);
                insert into workflow_dependency values ('%1$s', 'fetch', 'import');
                insert into operation (type, parent_id, workflow_node, run_at)
                    values ('compose', '%1$s', 'fetch', now() + interval '1 day');
                """.formatted(id)).update();
        return id;
    }

    private UUID heldByADeadNode() {
        var id = submit(Submission.of("simulation", json.createObjectNode().put("duration_seconds", 0).put("steps", 1))
                .withRunAt(tomorrow()));
        var node = superuser.sql("insert into worker (name, lease_until) values ('dead:8081', 'infinity') returning id")
                .query(UUID.class).single();
        change(id, "status = 'running', run_id = gen_random_uuid(), attempt = 1, worker_id = '" + node + "'");
        superuser.sql("update worker set status = 'lost', lease_until = now() where id = :id").param("id", node)
                .update();
        return id;
    }

    @AfterAll
    void theAuditorLeaves() {
        readerConnection.destroy();
    }

    @BeforeEach
    void openTheFile(TestInfo test) {
        test.getTestMethod().map(method -> method.getAnnotation(Question.class))
                .ifPresent(question -> file = AuditFile.named(question.value()));
    }

    @Test
    @Question("what-ran.sql")
    void whatRanAndHowItEnded() {
        assertThat(ask(Map.of())).as("yesterday there was nothing").isEmpty();

        var ran = ask(Map.of("day", today));

        assertThat(ran).extracting(row -> row.get("id"))
                .containsExactlyInAnyOrder(completed, retried, rescued, failed.get(0), failed.get(1));
        assertThat(of(completed, ran)).containsEntry("type", "simulation").containsEntry("status", "completed");
        assertThat(seconds(of(completed, ran), "ran_for")).isGreaterThanOrEqualTo(2);
        assertThat(of(retried, ran)).containsEntry("status", "completed").containsEntry("attempt", 3);
        assertThat(of(failed.get(0), ran)).containsEntry("status", "failed")
                .containsEntry("why", "no retry mends this");
    }

    @Test
    @Question("who-changed.sql")
    void whoChangedAnOperation() {
        var me = superuser.sql("select session_user::text").query(String.class).single();

        assertThat(told(ask(Map.of("operation", cancelled.toString()))))
                .containsExactly("ann test submitted pending", "bob test status cancelled not needed");
        assertThat(told(ask(Map.of("operation", completed.toString()))))
                .startsWith("ann test submitted pending", "survivor engine status running")
                .endsWith("survivor engine status completed", me + " sql edited completed for the books");
        assertThat(ask(Map.of())).as("by default: the last one").isNotEmpty()
                .allSatisfy(row -> assertThat(row).containsEntry("operation_id", rescued));
    }

    @Test
    @Question("scheduled-runs.sql")
    void whyARunDidNotStart() {
        superuser.sql("insert into schedule (name, every, type, input, paused, reason) values ('nightly', '1 "
                + "second', 'simulation', '{\"duration_seconds\": 0, \"steps\": 1}', true, 'holidays')").update();

        await().atMost(Duration.ofSeconds(30)).until(() -> !ask(Map.of("schedule", "nightly")).isEmpty());
        superuser.sql("update schedule set deleted_at = now() where name = 'nightly'").update();

        assertThat(ask(Map.of())).isNotEmpty()
                .allSatisfy(row -> assertThat((String) row.get("reason")).matches("paused by \\w+ since .*: holidays"));
        assertThat(ask(Map.of("schedule", "hourly"))).isEmpty();
    }

    @Test
    @Question("workflow-timeline.sql")
    void whatTheNodesOfAWorkflowWaitedFor() {
        assertThat(ask(Map.of("workflow", workflow.toString()))).extracting(row -> row.get("node") + " "
                + row.get("node_status") + " needs " + row.get("dependencies") + ", " + row.get("status"))
                .containsExactly("fetch running needs {}, pending", "import waiting needs {fetch}, null");
        assertThat(ask(Map.of())).as("by default: the last one").hasSize(2);
    }

    /// [BrokenChainsTest] shows that it finds what is forged.
    @Test
    @Question("broken-chains.sql")
    void everyHistoryChains() {
        assertThat(ask(Map.of())).isEmpty();
    }

    @Test
    @Question("time-in-status.sql")
    void howLongOperationsWaitAndRun() {
        var simulations = ask(Map.of()).stream().filter(row -> row.get("type").equals("simulation")).toList();
        assertThat(simulations).extracting(row -> row.get("status")).containsExactly("pending", "running");
        assertThat(simulations.getLast()).containsEntry("operations", 2L);
        assertThat(seconds(simulations.getLast(), "longest")).isGreaterThanOrEqualTo(2);

        var one = ask(Map.of("operation", retried.toString()));
        assertThat(one).extracting(row -> row.get("status") + " " + row.get("times"))
                .containsExactly("pending 3", "running 3");
        assertThat(seconds(one.getFirst(), "in_all")).as("two pauses between attempts").isPositive();
    }

    @Test
    @Question("failures.sql")
    void whyOperationsFail() {
        assertThat(ask(Map.of()).stream().map(row -> "%s | %s | %s attempts, %s operations, %s ended"
                .formatted(row.get("error_type"), row.get("shape"), row.get("attempts"), row.get("operations"),
                        row.get("ended"))))
                .containsExactlyInAnyOrder(
                        "java.lang.IllegalStateException | failure <n> | 2 attempts, 1 operations, 0 ended",
                        "dev.longhaul.task.NotRetryable | no retry mends this | 2 attempts, 2 operations, 2 ended",
                        "by hand | asked for by mistake | 1 attempts, 1 operations, 1 ended");
    }

    @Test
    @Question("lost-workers.sql")
    void whatADeadNodeHeldAndWhoTookItOver() {
        assertThat(ask(Map.of("node", "survivor"))).isEmpty();

        var held = ask(Map.of("node", "dead:8081"));

        assertThat(held).singleElement().satisfies(row -> assertThat(row).containsEntry("id", rescued)
                .containsEntry("taken_back_by", "survivor")
                .containsEntry("became", "pending").containsEntry("retried_by", "survivor")
                .doesNotContainEntry("held_since", null));
    }

    @Test
    @Question("log.sql")
    void whatItsTasksSaid() {
        assertThat(ask(Map.of("operation", retried.toString())))
                .extracting(row -> row.get("attempt") + " " + row.get("message"))
                .containsExactly("1 call 1 begins", "2 call 2 begins", "3 call 3 begins");
        assertThat(ask(Map.of("text", "CALL 2"))).as("by default: the last one").hasSize(1);
    }

    @Test
    @Question("hot-updates.sql")
    void reportsAreHeapOnlyUpdates() {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(ask(Map.of())).singleElement().satisfies(row -> {
            assertThat((Long) row.get("reports")).isGreaterThan(50);
            assertThat((BigDecimal) row.get("reports_hot")).isGreaterThan(BigDecimal.valueOf(90));
        }));
    }

    @Test
    void everyFileIsAQuestionThatATestAsks() {
        var asked = Stream.of(AuditTest.class, AuditViewsTest.class, ChainTest.class)
                .flatMap(test -> Arrays.stream(test.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Question.class))
                .map(method -> method.getAnnotation(Question.class).value()).collect(toSet());

        assertThat(AuditFile.all()).extracting(AuditFile::name).containsExactlyInAnyOrderElementsOf(asked);
        assertThat(AuditFile.all()).allSatisfy(one -> {
            assertThat(one.question()).matches("-- [A-Z].*\\?");
            assertThat(one.statement(Map.of())).as("one statement").containsOnlyOnce(";")
                    .matches("(?s)\\s*(select|with) .*;\\s*");
        });
    }

    @Test
    void psqlRunsEveryFileAsItIs() throws Exception {
        var psql = Stream.of(System.getenv("PATH").split(":")).map(folder -> Path.of(folder, "psql"))
                .filter(path -> path.toFile().canExecute()).findFirst();
        assumeTrue(psql.isPresent(), "needs psql");
        for (var one : AuditFile.all()) {
            var process = new ProcessBuilder(psql.get().toString(), "-X", "-v", "ON_ERROR_STOP=1", "-f",
                    one.path().toString(), readerUrl.substring("jdbc:".length()))
                    .redirectErrorStream(true).start();
            var output = new String(process.getInputStream().readAllBytes());

            assertThat(process.waitFor()).as(one.name() + ": " + output).isZero();
            assertThat(output).as(one.name()).containsPattern("\\(\\d+ rows?\\)");
        }
    }

    @Test
    void anAuditorReadsNeitherInputsNorOutputs() {
        for (var statement : List.of("select input from operation", "select * from operation_step",
                "select input from audit.operation", "select result from audit.operation_step",
                "select * from idempotency_key", "select run_id from audit.operation_history",
                "select * from audit.operation_data", "select * from audit.operation_step_data")) {
            assertThatThrownBy(() -> reader.sql(statement).query().listOfRows()).as(statement).rootCause().message()
                    .containsPattern("permission denied|does not exist");
        }
    }

    private List<Map<String, Object>> ask(Map<String, String> variables) {
        return file.ask(reader, variables);
    }

    private static Map<String, Object> of(UUID id, List<Map<String, Object>> rows) {
        return rows.stream().filter(row -> row.get("id").equals(id)).findFirst().orElseThrow();
    }

    private static double seconds(Map<String, Object> row, String column) {
        var interval = (PGInterval) row.get(column);
        return interval.getHours() * 3600 + interval.getMinutes() * 60 + interval.getSeconds();
    }

    private static List<String> told(List<Map<String, Object>> rows) {
        return rows.stream()
                .map(row -> Stream.of("changed_by", "source", "event", "to_status", "reason").map(row::get)
                .filter(value -> value != null).map(Object::toString).reduce((left, right) -> left + " " + right)
                .orElseThrow()).toList();
    }

    private UUID submit(Submission submission) {
        return store.submit(submission, ANN).operation().id().value();
    }

    private Submission trick(String trick) {
        return Submission.of("tricks", json.createObjectNode().put("trick", trick)
                .put("key", UUID.randomUUID().toString()));
    }

    private static Instant tomorrow() {
        return Instant.now().plus(Duration.ofDays(1));
    }

    private void change(UUID id, String assignments) {
        superuser.sql("update operation set " + assignments + " where id = :id").param("id", id).update();
    }

    private Operation operation(UUID id) {
        return store.find(new OperationId(id)).orElseThrow();
    }
}
