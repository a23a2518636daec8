package dev.longhaul.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import java.util.ArrayList;
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
            var place = new String[] {"0", "00000000-0000-0000-0000-000000000000", "0"};
            while (true) {
                var page = sql.sql(PAGE).param("txid", Long.valueOf(place[0])).param("id", place[1])
                        .param("seq", Integer.valueOf(place[2])).param("most", size).query(String.class).list();
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

    /// Transactions that write nothing.
    private static void nothing(JdbcClient sql, int transactions) {
        sql.sql("do $$ begin for n in 1..%d loop perform pg_current_xact_id(); commit; end loop; end $$"
                .formatted(transactions)).update();
    }
}
