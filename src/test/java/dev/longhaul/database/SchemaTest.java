package dev.longhaul.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.LonghaulTest;
import dev.longhaul.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// What the schema promises to whoever types SQL: counters, records, parking, ids and partitions.
@ResourceLock(LonghaulTest.SPECIAL)
class SchemaTest {

    private static final MigratedDatabase database = new MigratedDatabase();
    private final JdbcClient sql = database.asService();

    @Test
    void versionGrowsByOneWithEveryChangeAndHistorySeqWithEveryOneThatIsTold() {
        var id = database.submit();
        assertThat(counters(id)).isEqualTo("1 1");

        change(id, "priority = 5");
        assertThat(counters(id)).as("an edit is told").isEqualTo("2 2");
        change(id, "progress = 10, message = 'a tenth'");
        assertThat(counters(id)).as("progress is a level").isEqualTo("3 2");
        change(id, "priority = priority");
        assertThat(counters(id)).as("a change of nothing is still a change of the row").isEqualTo("4 2");
        change(id, "cancel_requested_at = now()");
        assertThat(counters(id)).isEqualTo("5 3");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            version = 7                                      | a change adds one to version, not 6
            version = version + 2                            | a change adds one to version, not 2
            history_seq = 9                                  | one to history_seq if history records it, not 8
            version = version + 1, history_seq = 3           | one to history_seq if history records it, not 2
            version = version + 1, priority = 9              | one to history_seq if history records it, not 0
            version = version + 1, cancel_requested_at = now() | one to history_seq if history records it, not 0
            """)
    void countersCannotBeForged(String change, String refusal) {
        var id = database.submit();

        assertThatThrownBy(() -> change(id, change)).hasMessageContaining(refusal);

        assertThat(counters(id)).isEqualTo("1 1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            priority = 3                                | edited
            queue = 'slow'                              | edited
            run_at = now() + interval '1 hour'          | edited
            max_attempts = 9                            | edited
            timeout = '1 hour'                          | edited
            failures = 2                                | edited
            started_at = now() - interval '1 day'       | edited
            error = '{"message": "never mind"}'         | edited
            output = '{"forged": true}', message = 'ok' | edited
            attempt = 7                                 | status
            cancel_requested_at = now()                 | cancel_requested
            """)
    void everyEditThatIsTypedIsTold(String change, String event) {
        var id = database.submit();

        change(id, change);

        assertThat(sql.sql("select event || ' by ' || changed_by || ' via ' || source from operation_history "
                + "where operation_id = :id and seq = 2")
                .param("id", id).query(String.class).single()).isEqualTo(event + " by longhaul_service via sql");
    }

    @Test
    void whoTypesCannotSignAsSomebodyElse() {
        var id = database.submit();

        database.asOwner()
                .sql("update operation set priority = 1, changed_by = 'ann', source = 'rest', reason = "
                + "'because' where id = :id").param("id", id).update();

        assertThat(sql.sql("select changed_by || ' ' || source || ' ' || reason from operation_history where "
                + "operation_id = :id and seq = 2")
                .param("id", id).query(String.class).single()).isEqualTo("longhaul_owner sql because");
    }

    @Test
    void aTypedStatusBringsAllThatGoesWithIt() {
        var id = database.submitAndLeadTo("running");
        assertThat(row(id, "run_id is not null and worker_id is not null and finished_at is null")).isTrue();

        database.move(id, "completed");
        assertThat(row(id, "run_id is null and worker_id is null and finished_at = updated_at and progress = 100"))
                .isTrue();

        var failed = database.submitAndLeadTo("failed");
        change(failed, "failures = 3, worker_losses = 2");
        database.move(failed, "pending");
        assertThat(row(failed,
                "finished_at is null and failures = 0 and worker_losses = 0 and not delayed and run_at <= now()")).isTrue();
    }

    @Test
    void whatIsDatedTomorrowIsParkedUntilThen() {
        var id = sql.sql("insert into operation (type, run_at) values ('typed', now() + interval '1 day') returning id")
                .query(UUID.class).single();
        assertThat(row(id, "delayed")).isTrue();

        change(id, "run_at = now()");
        assertThat(row(id, "delayed")).isFalse();

        change(id, "run_at = now() + interval '1 minute'");
        assertThat(row(id, "delayed")).isTrue();

        change(id, "status = 'cancelled'");
        assertThat(row(id, "delayed")).isFalse();
    }

    @Test
    void idsAreUuidsOfVersion7InTheOrderOfTime() {
        var before = Instant.now().minusSeconds(5);
        var ids = sql.sql("select operation_id()::text as id from generate_series(1, 10000)").query(String.class)
                .list();

        assertThat(ids).doesNotHaveDuplicates().allSatisfy(id -> {
            assertThat(UUID.fromString(id).version()).isEqualTo(7);
            assertThat(UUID.fromString(id).variant()).isEqualTo(2);
        });
        assertThat(prefixes(ids)).as("milliseconds and their fraction").isSorted();
        assertThat(Instant.ofEpochMilli(UUID.fromString(ids.getFirst()).getMostSignificantBits() >>> 16))
                .isBetween(before, before.plusSeconds(60));
    }

    private static List<String> prefixes(List<String> ids) {
        return ids.stream().map(id -> id.substring(0, 18)).toList();
    }

    @Test
    void theLowestIdOfAMomentDividesTheIdsBeforeFromThoseAfter() {
        var divided = sql.sql("""
                select operation_id() >= operation_id_at(clock_timestamp() - interval '1 second')
                    and operation_id() < operation_id_at(clock_timestamp() + interval '1 second')
                """).query(Boolean.class).single();

        assertThat(divided).isTrue();
        assertThat(sql.sql("select operation_id_at('2026-01-08 10:00:00.123456Z')").query(UUID.class).single())
                .isEqualTo(new UUID(Instant.parse("2026-01-08T10:00:00.123Z").toEpochMilli() << 16, 0));
    }

    @Test
    void weeksAndQuartersFollowDays() {
        var other = new MigratedDatabase();
        var weeks = other.asService().sql("select create_partitions('week', 30)").query(Integer.class).single();
        var quarters = other.asService().sql("select create_partitions('quarter', 200)").query(Integer.class).single();

        assertThat(weeks).isBetween(4, 5);
        assertThat(quarters).isBetween(2, 3);
        assertThat(other.asService().sql("""
                select bool_and(first_day = coalesce(previous, first_day)) from (
                    select first_day, lag(end_day) over (order by first_day) as previous from operation_partition) as p
                """).query(Boolean.class).single()).as("no gap").isTrue();
    }

    @Test
    void partitionsAreMadeOnceAndAhead() {
        assertThat(sql.sql("select create_partitions('day', 3)").query(Integer.class).single()).as("the migration made them")
                .isZero();
        assertThat(sql.sql("select create_partitions('day', 5)").query(Integer.class).single())
                .as("two more days").isEqualTo(2);
        assertThat(sql.sql("select create_partitions('day', 5)").query(Integer.class).single()).isZero();
        assertThatThrownBy(() -> sql.sql("select create_partitions('day', -1)").query(Integer.class).single())
                .hasMessageContaining("between 0 and 400, not day and -1");
    }

    @Test
    void anOperationAndItsHistoryLieInTheDayOfItsSubmission() {
        var id = database.submitAndLeadTo("completed");
        var today = sql.sql("select to_char(now() at time zone 'UTC', '_YYYY_MM_DD')").query(String.class).single();

        assertThat(sql.sql("select tableoid::regclass::text from operation where id = :id").param("id", id)
                .query(String.class).single()).isEqualTo("operation_past" + today);
        assertThat(sql.sql("select distinct tableoid::regclass::text from operation_history where operation_id = :id")
                .param("id", id).query(String.class).list())
                .containsExactly("operation_history" + today);
        assertThat(plan("select * from operation where id = '" + id + "'")).as("a look-up visits one partition")
                .containsOnlyOnce("operation_past" + today + "_pkey").doesNotContain("operation_past_default");
        assertThat(plan("update operation set priority = 1 where id = '" + id + "' and status in ('pending', 'waiting')"))
                .as("a change of a live one opens no other").contains("operation_live").doesNotContain("operation_past");
    }

    @Test
    void aDayThatHasRowsInTheDefaultPartitionDoesNotStopTheDaysAfterIt() {
        var far = new MigratedDatabase();
        far.asService()
                .sql("insert into operation (id, type) values (operation_id_at(now() + interval '5 days'), 'from a "
                + "clock ahead')").update();

        var made = far.asService().sql("select create_partitions('day', 7)").query(Integer.class).single();

        assertThat(made).as("days 4, 6 and 7").isEqualTo(3);
    }

    @Test
    void noIndexNamesWhatAProgressReportChanges() {
        assertThat(sql.sql("""
                select count(*) from pg_index i join pg_attribute a on a.attrelid = i.indexrelid
                where i.indrelid = 'operation_live'::regclass
                    and a.attname in ('progress', 'progress_current', 'progress_total', 'message', 'version',
                    'history_seq', 'updated_at')
                """).query(Integer.class).single()).as("such an index would end heap-only updates").isZero();
    }

    @Test
    void theMigrationNeedsNoSuperuser() {
        var owned = database.asOwner()
                .sql("select bool_and(tableowner = 'longhaul_owner') from pg_tables where schemaname = 'public'")
                .query(Boolean.class).single();

        assertThat(owned).isTrue();
        assertThat(database.asSuperuser().sql("select rolsuper from pg_roles where rolname = 'longhaul_owner'")
                .query(Boolean.class).single()).isFalse();
    }

    private void change(UUID id, String assignments) {
        sql.sql("update operation set " + assignments + " where id = :id").param("id", id).update();
    }

    private String counters(UUID id) {
        return sql.sql("select version || ' ' || history_seq from operation where id = :id").param("id", id)
                .query(String.class).single();
    }

    private boolean row(UUID id, String condition) {
        return sql.sql("select " + condition + " from operation where id = :id").param("id", id).query(Boolean.class)
                .single();
    }

    private String plan(String query) {
        return String.join("\n", sql.sql("explain " + query).query(String.class).list());
    }

    @Test
    void withoutTheRolesTheOwnerServesAlone(@TempDir Path renamed) throws Exception {
        try (var migrations = Files.list(Path.of("db/migration"))) {
            // roles are the whole server's, so these look for some that it does not have
            for (var migration : migrations.toList()) {
                Files.writeString(renamed.resolve(migration.getFileName()),
                        Files.readString(migration).replaceAll("longhaul_(service|reader)", "nobody_$1"));
            }
        }
        var fresh = TestDatabase.special().empty();
        Flyway.configure().dataSource(fresh.url(), fresh.ownerUser(), fresh.ownerPassword())
                .locations("filesystem:" + renamed).placeholders(Map.of("audit", "audit")).load().migrate();
        var owner = JdbcClient.create(new DriverManagerDataSource(fresh.url(), fresh.ownerUser(),
                fresh.ownerPassword()));
        var id = owner.sql("insert into operation (type) values ('typed') returning id").query(UUID.class).single();
        owner.sql("update operation set status = 'cancelled' where id = :id").param("id", id).update();
        assertThat(owner.sql("select to_status from audit.history where operation_id = :id order by seq")
                .param("id", id).query(String.class).list())
                .containsExactly("pending", "cancelled");
    }
}
