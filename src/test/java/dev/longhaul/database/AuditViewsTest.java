package dev.longhaul.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import dev.longhaul.database.AuditTest.Question;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The views for people, each asked by its example in `db/audit`, of a past that was typed for them.
@ResourceLock(LonghaulTest.SPECIAL)
class AuditViewsTest {

    private static final MigratedDatabase database = new MigratedDatabase();
    private static UUID retried;
    private static UUID edited;

    @BeforeAll
    static void somethingHappens() {
        retried = submit("import", "imports");
        var worker = database.asService()
                .sql("insert into worker (name, lease_until) values ('node-1', now() + interval '1 day') returning id")
                .query(UUID.class).single();
        run(retried, worker);
        change(retried,
                "status = 'pending', failures = 1, error = '{\"type\": \"java.io.IOException\", \"message\": \"file "
                + "17 is gone\", \"trace\": \"at A\"}'");
        run(retried, worker);
        database.move(retried, "completed");

        edited = submit("report", "reports");
        change(edited, "priority = 5, tags = '{urgent}', reason = 'the board meets'");
        change(edited, "run_at = now() + interval '1 hour'");
        change(edited, "cancel_requested_at = now(), reason = 'not needed'");
    }

    @Test
    @Question("now.sql")
    void whatIsGoingOnAndWhoAskedForIt() {
        assertThat(ask("now.sql", Map.of("queue", "reports"))).singleElement().satisfies(row ->
                assertThat(row).containsEntry("id", edited).containsEntry("submitted_by", "longhaul_service")
                        .containsEntry("submitted_from", "sql").containsEntry("status", "pending"));
        assertThat(ask("now.sql", Map.of())).extracting(row -> row.get("id")).contains(edited).doesNotContain(retried);
    }

    @Test
    @Question("edits.sql")
    void whatWasEditedAndWhatItWasBefore() {
        var edits = ask("edits.sql", Map.of()).stream().filter(row -> row.get("operation_id").equals(edited)).toList();

        assertThat(edits).extracting(row -> row.get("event")).containsExactly("cancel_requested", "edited", "edited");
        assertThat(edits.get(2)).containsEntry("changed_by", "longhaul_service").containsEntry("source", "sql")
                .containsEntry("reason", "the board meets");
        assertThat(edits.get(2).get("changes")).hasToString("{\"tags\": [[], [\"urgent\"]], \"priority\": [0, 5]}");
        assertThat(edits.get(1).get("changes").toString()).startsWith("{\"run_at\": [");
        assertThat(edits.getFirst().get("changes")).isNull();
    }

    @Test
    @Question("timeline.sql")
    void whereItsTimeWent() {
        var stays = ask("timeline.sql", Map.of("operation", retried.toString()));

        assertThat(stays).extracting(row -> row.get("status") + " " + row.get("worker"))
                .containsExactly("pending null", "running node-1", "pending null", "running node-1");
        assertThat(stays).allSatisfy(row -> assertThat(row.get("ended")).isNotNull());
        assertThat(ask("timeline.sql", Map.of("operation", edited.toString()))).singleElement()
                .satisfies(row -> assertThat(row.get("ended")).isNull());
    }

    @Test
    void whyAttemptsFailed() {
        assertThat(database.asReader()
                .sql("select concat_ws('|', attempt, error_type, message, led_to, worker, trace) from audit.failures "
                + "where operation_id = :id")
                .param("id", retried).query(String.class).list())
                .containsExactly("1|java.io.IOException|file 17 is gone|pending|node-1|at A");
    }

    @Test
    @Question("throughput.sql")
    void howMuchWasDone() {
        var hours = ask("throughput.sql", Map.of("type", "import"));

        assertThat(hours.stream().map(row -> row.get("submitted") + " " + row.get("started") + " "
                + row.get("completed") + " " + row.get("requeued")).toList())
                .isSubsetOf("1 2 1 1", "1 2 0 1", "1 1 0 1", "1 1 0 0", "1 0 0 0", "0 1 1 0", "0 1 1 1", "0 0 1 0",
                "0 2 1 1").isNotEmpty();
    }

    @Test
    @Question("counts.sql")
    void howManyThereAre() {
        assertThat(ask("counts.sql", Map.of()).stream().filter(row -> row.get("type").equals("report")).toList())
                .singleElement()
                .satisfies(row -> assertThat(row.get("pending")).hasToString("1"));
    }

    @Test
    @Question("slow.sql")
    void whatTakesLongerThanUsual() {
        var ids = IntStream.range(0, 40).mapToObj(_ -> submit("quick", "default")).toList();
        ids.forEach(id -> {
            database.move(id, "running");
            database.move(id, "completed");
        });
        forge("update operation set started_at = finished_at - interval '2 seconds' where type = 'quick'");
        forge("update operation set started_at = finished_at - interval '90 seconds' where id = '"
                + ids.getLast() + "'");

        assertThat(ask("slow.sql", Map.of())).singleElement().satisfies(row -> {
            assertThat(row).containsEntry("id", ids.getLast());
            assertThat(row.get("times_typical")).hasToString("45.0");
        });
    }

    @Test
    @Question("stuck.sql")
    void whatShouldHaveMoved() {
        assertThat(ask("stuck.sql", Map.of())).isEmpty();
        var unclaimed = submit("stuck", "nobody");
        var deaf = submit("stuck", "default");
        var orphan = submit("stuck", "default");
        var forgotten = submit("stuck", "default");
        var paused = submit("stuck", "paused queue");
        var dead = database.asService()
                .sql("insert into worker (name, lease_until) values ('dead', now() - interval '1 hour') returning id")
                .query(UUID.class).single();
        var alive = database.asService()
                .sql("insert into worker (name, lease_until) values ('alive', now() + interval '1 hour') returning id")
                .query(UUID.class).single();
        run(orphan, dead);
        run(deaf, alive);
        database.asService().sql("insert into queue (name, paused) values ('paused queue', true)").update();
        change(forgotten, "paused = true");
        forge("update operation set run_at = now() - interval '20 minutes' where id in ('" + unclaimed + "', '" + paused
                + "')");
        forge("update operation set cancel_requested_at = now() - interval '20 minutes' where id = '" + deaf + "'");
        forge("update operation set updated_at = now() - interval '2 days' where id = '" + forgotten + "'");

        assertThat(ask("stuck.sql", Map.of())).extracting(row -> row.get("id") + " " + row.get("why"))
                .containsExactlyInAnyOrder(
                unclaimed + " no worker claims it: no free slot, or no node at all", paused + " its queue is paused", deaf
                + " does not notice its cancel request",
                orphan + " its worker lease expired, and no node takes it back: does one run?", forgotten
                + " somebody paused it and left it so");
    }

    @Test
    @Question("retired.sql")
    void whichDaysAreGone() {
        database.asSuperuser().sql("insert into retired_partition (first_day, end_day, operations, retained) "
                + "values ('2020-02-29', '2020-03-01', 17, 1)")
                .update();
        database.asSuperuser()
                .sql("insert into retention_hold (operation_id, reason) values (operation_id_at('2020-02-29 "
                + "12:00Z'), 'an inquiry')").update();

        assertThat(ask("retired.sql", Map.of())).singleElement().satisfies(row -> {
            assertThat(row.get("last_day")).hasToString("2020-02-29");
            assertThat(row).containsEntry("operations", 17L).containsEntry("held", 1L);
        });
    }

    @Test
    void everyViewForPeopleIsAskedByAFile() {
        assertThat(Stream.of("operations", "history", "timeline", "failures", "throughput_hourly", "slow_operations",
                "stuck", "operation_count", "operation_log", "retention_hold", "retired_partition"))
                .allSatisfy(view -> assertThat(AuditFile.all()).as(view)
                        .anyMatch(file -> file.text().matches("(?s).*\\baudit\\." + view + "\\b.*")));
    }

    @Test
    void everyViewForPeopleSaysWhatItIs() {
        assertThat(Stream.of("operations", "history", "timeline", "failures", "throughput_hourly", "slow_operations",
                "stuck"))
                .allSatisfy(view ->
                        assertThat(database.asReader().sql("select obj_description(('audit.' || :view)::regclass)")
                        .param("view", view).query(String.class).single())
                        .contains("ne row per ").hasSizeGreaterThan(60));
    }

    private static List<Map<String, Object>> ask(String file, Map<String, String> variables) {
        return AuditFile.named(file).ask(database.asReader(), variables);
    }

    private static UUID submit(String type, String queue) {
        return database.asService().sql("insert into operation (type, queue) values (:type, :queue) returning id")
                .param("type", type).param("queue", queue).query(UUID.class).single();
    }

    private static void run(UUID id, UUID worker) {
        change(id, "status = 'running', attempt = attempt + 1, run_id = gen_random_uuid(), started_at = "
                + "coalesce(started_at, now()), worker_id = '" + worker + "'");
    }

    private static void change(UUID id, String assignments) {
        database.asService().sql("update operation set " + assignments + " where id = :id").param("id", id).update();
    }

    /// Behind the triggers' backs, as only a superuser can: a past of some length.
    private static void forge(String statement) {
        var superuser = database.asSuperuser();
        superuser.sql("begin; set local session_replication_role = replica; " + statement + "; commit").update();
    }
}
