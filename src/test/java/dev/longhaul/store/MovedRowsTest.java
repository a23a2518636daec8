package dev.longhaul.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/// A statement that waits for an operation which ends meanwhile, and so moves to another partition, is repeated.
@LonghaulTest
class MovedRowsTest {

    private static final Caller ANN = new Caller("ann", "test");
    private static final String TAG =
            "update operation set version = version + 1, reason = 'late' where id = '%s' and status = 'pending'";

    @Autowired
    OperationStore store;
    @Autowired
    BulkStore bulk;
    @Autowired
    EditStore edits;
    @Autowired
    JdbcClient sql;
    @Autowired
    TransactionTemplate transaction;
    @Value("${test.superuser-url}")
    String superuserUrl;

    @Test
    void withoutRepetitionItFails() {
        var plain = new JdbcTemplate(new DriverManagerDataSource(superuserUrl));

        var failed = catchThrowable(() -> whileItEnds(id -> plain.update(TAG.formatted(id))));

        assertThat(failed).rootCause().isInstanceOfSatisfying(SQLException.class, cause ->
                assertThat(cause.getSQLState()).isEqualTo("40001"));
    }

    @Test
    void aStatementIsRepeatedAndFindsThatItEnded() throws Exception {
        int tagged = whileItEnds(id -> sql.sql(TAG.formatted(id)).update());
        assertThat(tagged).isZero();
        var found = whileItEnds(id -> store.cancel(new OperationId(id), "too late", ANN)).orElseThrow();
        assertThat(found.cancelRequestedAt()).as("it was cancelled without a request").isNull();
    }

    @Test
    void soAreABatchAndAWholeTransaction() throws Exception {
        int cancelled = whileItEnds(id -> bulk.cancel(List.of(new OperationId(id)), "too late", ANN));
        assertThat(cancelled).isZero();
        Integer tagged = whileItEnds(id -> transaction.execute(_ -> {
            sql.sql("select 1").query(Integer.class).single();
            return sql.sql(TAG.formatted(id)).update();
        }));
        assertThat(tagged).isZero();
        var edited = whileItEnds(id -> edits.edit(new OperationId(id),
                operation -> new EditStore.Edit(7, operation.labels(), "late"), ANN)).orElseThrow();
        assertThat(edited.priority()).as("an operation that is over can be edited, too").isEqualTo(7);
    }

    private interface Late<T> {
        T change(UUID id);
    }

    /// Another session holds the row of a pending operation, which it has cancelled, until the change waits for it.
    private <T> T whileItEnds(Late<T> late) throws Exception {
        var id = sql.sql("insert into operation (type, run_at) values ('simulation', now() + interval '1 day') returning id")
                .query(UUID.class).single();
        try (var other = new DriverManagerDataSource(superuserUrl).getConnection()) {
            other.setAutoCommit(false);
            execute(other, "update operation set status = 'cancelled' where id = '" + id + "'");
            var change = CompletableFuture.supplyAsync(() -> late.change(id));
            await().until(() -> waits(other));
            other.commit();
            return join(change::join);
        }
    }

    private static <T> T join(Supplier<T> change) throws Exception {
        try {
            return change.get();
        } catch (java.util.concurrent.CompletionException failed) {
            throw (Exception) failed.getCause();
        }
    }

    private static void execute(Connection connection, String statement) throws SQLException {
        try (var run = connection.createStatement()) {
            run.execute(statement);
        }
    }

    private boolean waits(Connection holder) throws SQLException {
        try (var run = holder.createStatement(); var row = run.executeQuery(
                "select count(*) from pg_stat_activity where pg_backend_pid() = any(pg_blocking_pids(pid))")) {
            row.next();
            return row.getInt(1) > 0;
        }
    }
}
