package dev.longhaul.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The counters tell what counting all rows would tell, at any moment, whoever changed them.
@ResourceLock(LonghaulTest.SPECIAL)
class CountersTest {

    private static final MigratedDatabase database = new MigratedDatabase();
    private final JdbcClient sql = database.asService();

    @Test
    void theCountersSayWhatIsThere() {
        assertCountersAreRight();
        var id = database.submitAndLeadTo("failed");
        database.submitAndLeadTo("completed");
        database.submitAndLeadTo("waiting");
        assertCountersAreRight();

        fold();
        assertCountersAreRight();

        database.move(id, "pending");
        change(id, "queue = 'slow'");
        change(id, "progress = 10, message = 'counts nothing'");
        database.asOwner()
                .sql("insert into operation (type, queue) select 'many', 'q' || n % 3 from generate_series(1, 100) as n").update();
        database.asOwner().sql("update operation set status = 'cancelled' where queue in ('q1', 'q2')").update();
        assertCountersAreRight();

        fold();
        assertCountersAreRight();
        assertThat(deltas()).isZero();
    }

    @Test
    void whatCameAndWentIsCountedByTheHour() {
        var id = sql.sql("insert into operation (type) values ('hourly') returning id").query(UUID.class).single();
        database.move(id, "running");
        fold();
        database.move(id, "pending");
        database.move(id, "running");
        database.move(id, "completed");

        assertThat(database.asReader()
                .sql("select concat_ws(' ', sum(submitted), sum(started), sum(completed), sum(failed), "
                + "sum(requeued)) from audit.throughput_hourly where type = 'hourly'")
                .query(String.class).single()).isEqualTo("1 2 1 0 1");
    }

    @Test
    void aTransactionThatIsRolledBackCountsNothing() throws Exception {
        try (var connection = database.connectAsService(); var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("insert into operation (type) values ('never')");
            connection.rollback();
        }
        assertThat(counters()).noneMatch(row -> row.startsWith("never"));
    }

    /// Whoever holds a transaction open after a change keeps nobody else from counting, nor from being counted.
    @Test
    void nobodyWaitsForTheCounters() throws Exception {
        try (var connection = database.connectAsService(); var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("insert into operation (type) values ('open')");
            database.submit();
            fold();
            assertCountersAreRight();
            connection.commit();
        }
        assertCountersAreRight();
    }

    private void assertCountersAreRight() {
        assertThat(counters())
                .isEqualTo(sql.sql("select concat_ws(' ', type, queue, status, count(*)) from operation group by "
                + "type, queue, status order by type, queue, status")
                .query(String.class).list());
    }

    private static List<String> counters() {
        return database.asReader()
                .sql("select concat_ws(' ', type, queue, status, number) from audit.operation_count order by type, "
                + "queue, status").query(String.class).list();
    }

    private void fold() {
        assertThat(sql.sql("select merge_counts()").query(Integer.class).single()).isNotNegative();
    }

    private long deltas() {
        return sql.sql("select count(*) from count_delta").query(Long.class).single();
    }

    private void change(UUID id, String assignments) {
        sql.sql("update operation set " + assignments + " where id = :id").param("id", id).update();
    }
}
