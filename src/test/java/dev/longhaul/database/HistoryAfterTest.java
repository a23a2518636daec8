package dev.longhaul.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/// A reader of the change feed that is behind gets each entry once, in order, page by page: with many entries in one
/// transaction, with one entry in each, and with long spans of transactions without entries.
@ResourceLock(LonghaulTest.SPECIAL)
class HistoryAfterTest {

    private static final String ALL = """
            select concat_ws(' ', txid, operation_id, seq) from operation_history
            where event <> 'progress' and txid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
                order by txid, operation_id, seq""";
    private static final String PAGE =
            "select concat_ws(' ', txid, operation_id, seq) from history_after(:txid, :id::uuid, :seq, :most)";

    private static final String[] FIRST = {"0", "00000000-0000-0000-0000-000000000000", "0"};

    private final MigratedDatabase database = new MigratedDatabase();

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 500})
    void pagesTellAllThereIs(int size) throws Exception {
        try (var connection = new SingleConnectionDataSource(database.connectAsService(), true)) {
            var sql = JdbcClient.create(connection);
            sql.sql("insert into operation (type) select 'many' from generate_series(1, 40)").update();
            for (var one = 0; one < 20; one++) {
                sql.sql("insert into operation (type) values ('one')").update();
            }
            nothing(sql, 3_000);
            sql.sql("insert into operation (type) select 'later' from generate_series(1, 600 / :size)")
                    .param("size", size).update();
            nothing(sql, 300);

            var all = sql.sql(ALL).query(String.class).list();
            var told = new ArrayList<String>();
            var place = FIRST;
            while (true) {
                var page = page(sql, place, size);
                if (page.isEmpty()) {
                    break;
                }
                assertThat(page).hasSizeLessThanOrEqualTo(size);
                told.addAll(page);
                place = page.getLast().split(" ");
            }
            assertThat(told).isEqualTo(all).hasSizeGreaterThan(60);
        }
    }

    /// Each connection changes operations that all share, in transactions of several statements, some of them rolled
    /// back. The reader pages meanwhile.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void manyConnectionsAtOnceAreToldCompletelyAndEachOperationInItsOrder(long seed) throws Exception {
        var own = new MigratedDatabase();
        var ids = own.asService().sql("insert into operation (type) select 'shared' from generate_series(1, 12) "
                + "returning id").query(UUID.class).list();
        var told = new ArrayList<String>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
             var connection = new SingleConnectionDataSource(own.connectAsService(), true)) {
            var writers = IntStream.range(0, 8).mapToObj(n -> threads.submit(() ->
                    write(own, new Random(seed * 100 + n), ids))).toList();
            var sql = JdbcClient.create(connection);
            var place = FIRST;
            while (true) {
                var areDone = writers.stream().allMatch(Future::isDone);
                var page = page(sql, place, 5);
                told.addAll(page);
                if (page.isEmpty() && areDone) {
                    break;
                }
                place = page.isEmpty() ? place : page.getLast().split(" ");
            }
            for (var writer : writers) {
                writer.get();
            }
            assertThat(told).isEqualTo(sql.sql(ALL).query(String.class).list());
        }
        for (var id : ids) {
            var seqs = told.stream().map(entry -> entry.split(" ")).filter(entry -> entry[1].equals(id.toString()))
                    .map(entry -> Integer.valueOf(entry[2])).toList();
            assertThat(seqs).isEqualTo(IntStream.rangeClosed(1, seqs.size()).boxed().toList())
                    .hasSizeGreaterThan(20);
        }
    }

    private static Void write(MigratedDatabase database, Random random, List<UUID> ids) throws SQLException {
        try (var connection = database.connectAsService(); var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (var n = 0; n < 60; n++) {
                if (random.nextInt(3) == 0) {
                    statement.execute("select pg_current_xact_id()");
                }
                for (var place = random.nextInt(4); place < ids.size(); place += 1 + random.nextInt(6)) {
                    statement.execute("savepoint here");
                    statement.execute("update operation set priority = " + random.nextInt(1000) + " where id = '"
                            + ids.get(place) + "'");
                    if (random.nextInt(8) == 0) {
                        statement.execute("rollback to here");
                    }
                }
                if (random.nextInt(10) == 0) {
                    connection.rollback();
                } else {
                    connection.commit();
                }
            }
        }
        return null;
    }

    private static List<String> page(JdbcClient sql, String[] place, int size) {
        return sql.sql(PAGE).param("txid", Long.valueOf(place[0])).param("id", place[1])
                .param("seq", Integer.valueOf(place[2])).param("most", size).query(String.class).list();
    }

    /// Transactions that write nothing.
    private static void nothing(JdbcClient sql, int transactions) {
        sql.sql("do $$ begin for n in 1..%d loop perform pg_current_xact_id(); commit; end loop; end $$"
                .formatted(transactions)).update();
    }
}
