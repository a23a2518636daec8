package dev.longhaul.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import dev.longhaul.TestDatabase;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Status;
import dev.longhaul.store.OperationStore;
import dev.longhaul.types.InvalidInput;
import dev.longhaul.types.TaskRegistry;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.json.JsonMapper;

@LonghaulTest
class SqlBackfillTest {

    static TestDatabase.Database shop;

    OperationSubmitter operations;
    JdbcClient own;
    JdbcClient other;

    @DynamicPropertySource
    static void connections(DynamicPropertyRegistry registry) {
        shop = TestDatabase.shared().fresh();
        registry.add("longhaul.sql-backfill.own-database", () -> true);
        registry.add("longhaul.sql-backfill.connections.shop.url", () -> shop.url());
        registry.add("longhaul.sql-backfill.connections.shop.username", () -> shop.ownerUser());
        registry.add("longhaul.sql-backfill.connections.shop.password", () -> shop.ownerPassword());
        registry.add("longhaul.sql-backfill.connections.unreachable.url", () -> "jdbc:postgresql://127.0.0.1:1/shop");
        registry.add("longhaul.engine.backoff", () -> "20ms");
    }

    @BeforeEach
    void createTables(@Autowired TaskRegistry tasks, @Autowired OperationStore store, @Autowired JsonMapper json,
            @Value("${test.superuser-url}") String superuserUrl) {
        operations = new OperationSubmitter(tasks, store, json);
        own = JdbcClient.create(new DriverManagerDataSource(superuserUrl));
        other = JdbcClient.create(new DriverManagerDataSource(shop.superuserUrl()));
        for (var sql : List.of(own, other)) {
            sql.sql("""
                    drop schema if exists shop cascade;
                    create schema shop;
                    create table shop.item (id bigint primary key, n int not null default 0 check (n < 10), doubled \
                    int);
                    insert into shop.item (id) select generate_series(1, 1000);
                    grant usage on schema shop to longhaul_service, longhaul_owner;
                    grant all on shop.item to longhaul_service, longhaul_owner;
                    """).update();
        }
    }

    @ParameterizedTest
    @CsvSource({"longhaul", "shop"})
    void everyRowIsChangedOnceInChunks(String connection) {
        var operation = operations.run("sql_backfill", """
                {'connection': '%s', 'table': 'shop.item', 'chunk_size': 300, 'pause_ms': 1,
                 'statement': 'update shop.item set n = n + 1 where id >= :from and id < \
                 :to'}""".formatted(connection));

        assertThat(operation.error()).isNull();
        assertThat(operation.progress().message()).isEqualTo("1,000 rows changed in 4 chunks");
        assertThat(operation.output().toString()).isEqualTo("{\"max\":1000,\"min\":1,\"rows\":1000,\"chunks\":4}");
        assertThat(rowsByN(connection)).containsExactly("1: 1000");
        assertThat(steps(operation.id().value())).containsExactlyInAnyOrder("range", "chunk-1", "chunk-2", "chunk-3",
                "chunk-4");
    }

    @Test
    void theRangeIsAnOptionAndRowsMayBeInsertedOrDeleted() {
        operations.output("sql_backfill", """
                {'connection': 'longhaul', 'min': 11, 'max': 20, 'chunk_size': 3, 'pause_ms': 0,
                 'statement': 'insert into shop.item (id, doubled) select id + 5000, id * 2 from shop.item where id >= \
                 :from and id < :to'}""");
        assertThat(own.sql("select count(*) || ' to ' || max(doubled) from shop.item where id > 5000")
                .query(String.class).single()).isEqualTo("10 to 40");

        var output = operations.output("sql_backfill", """
                {'connection': 'longhaul', 'table': 'shop.item', 'min': 901, 'pause_ms': 0,
                 'statement': 'with old as (select id from shop.item where id >= :from and id < :to) delete from \
                 shop.item using old where item.id = old.id'}""");
        assertThat(output.get("rows").asInt()).isEqualTo(110);
        assertThat(output.get("max").asInt()).isEqualTo(5020);
    }

    @Test
    void aStatementMayContainASemicolonCommentsAndCasts() {
        operations.output("sql_backfill", """
                {"connection": "longhaul", "table": "shop.item", "pause_ms": 0,
                 "statement": "/* :x; */ update shop.item set doubled = length(\\u00272;:y\\u0027::text) -- ;\\n where \
                 id >= :from and id < :to;"}""");

        assertThat(own.sql("select count(*) from shop.item where doubled = 4").query(Integer.class).single())
                .isEqualTo(1000);
    }

    @Test
    void anEmptyTableCompletesImmediately() {
        own.sql("delete from shop.item").update();

        var operation = operations.run("sql_backfill", """
                {'connection': 'longhaul', 'table': 'shop.item', 'max': 7, 'statement': 'update shop.item set n = 1 \
                where id >= :from and id < :to'}""");

        assertThat(operation.status()).isEqualTo(Status.COMPLETED);
        assertThat(operation.progress().message()).isEqualTo("Nothing to do: no keys in the range");
    }

    @Test
    void itCanBeCancelledBetweenChunks() {
        var id = operations.start("sql_backfill", """
                {'connection': 'longhaul', 'table': 'shop.item', 'chunk_size': 100, 'pause_ms': 3600000,
                 'statement': 'update shop.item set n = n + 1 where id >= :from and id < :to'}""");
        await().until(() -> steps(id.value()).contains("chunk-1"));

        operations.store().cancel(id, null, new Caller("ann", "test"));

        assertThat(operations.end(id).status()).isEqualTo(Status.CANCELLED);
        assertThat(rowsByN("longhaul")).containsExactly("0: 900", "1: 100");
    }

    @ParameterizedTest
    @CsvSource({"longhaul", "shop"})
    void aDatabaseErrorFailsTheTaskWithTheKeysAndTheReason(String connection) {
        (connection.equals("shop") ? other : own).sql("update shop.item set n = 9 where id = 555").update();

        assertThat(operations.error("sql_backfill", """
                {'connection': '%s', 'table': 'shop.item', 'chunk_size': 100, 'pause_ms': 0,
                 'statement': 'update shop.item set n = n + 1 where id >= :from and id < \
                 :to'}""".formatted(connection)))
                .startsWith("keys 501 to 600: ERROR: new row for relation \"item\" violates check constraint "
                + "\"item_n_check\"").endsWith("(SQLSTATE 23514)");
        assertThat(rowsByN(connection)).containsExactly("0: 499", "1: 500", "9: 1");
    }

    @Test
    void anErrorAtCommitFailsTheTask() {
        own.sql("alter table shop.item add constraint pair unique (doubled) deferrable initially deferred").update();

        assertThat(operations.error("sql_backfill", """
                {'connection': 'longhaul', 'table': 'shop.item', 'statement': 'update shop.item set doubled = 1 where \
                id >= :from and id < :to'}"""))
                .startsWith("keys 1 to 1000: ERROR: duplicate key value violates unique constraint \"pair\"");
        assertThat(rowsByN("longhaul")).containsExactly("0: 1000");
    }

    @Test
    void anUnreachableDatabaseIsRetried() {
        var operation = operations.run("sql_backfill", """
                {'connection': 'unreachable', 'table': 'shop.item', 'statement': 'update shop.item set n = 1 where id \
                >= :from and id < :to'}""");

        assertThat(operation.status()).isEqualTo(Status.FAILED);
        assertThat(operation.attempt()).isEqualTo(5);
        assertThat(operation.error().message()).contains("Connection to 127.0.0.1:1 refused");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            update item set n = 1                                                   | \
            statement must have both :from and :to, as in: where id >= :from and id < :to
            update item set n = 1 where id >= :from                                 | \
            statement must have both :from and :to, as in: where id >= :from and id < :to
            update item set n = :n where id >= :from and id < :to                   | \
            statement must have the parameters :from and :to and no others (?? stands for the operator ?): No value \
            supplied for the SQL parameter 'n'
            update item set n = 1 where id >= :from and id < :to and tags ? 1       | \
            statement must have the parameters :from and :to and no others
            update item set n = 1 where id >= :from and id < :to; delete from item  | \
            statement must be one statement, not 2
            select n from item where id >= :from and id < :to                       | \
            statement must be an UPDATE, INSERT … SELECT or DELETE
            with x as (delete from item) select n from x where id >= :from and id < :to | \
            statement must be an UPDATE, INSERT … SELECT or DELETE
            drop table item -- :from :to                                            | \
            statement must have both :from and :to
            drop table item :from :to                                               | \
            statement must be an UPDATE, INSERT … SELECT or DELETE
            """)
    void anUnsupportedStatementIsRefusedAtSubmission(String statement, String error) {
        assertThatThrownBy(() -> operations.start("sql_backfill",
                "{\"connection\": \"longhaul\", \"table\": \"item\", \"statement\": \""
                + statement.replace("'", "\\u0027") + "\"}"))
                .isInstanceOf(InvalidInput.class).hasMessageContaining(error);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            'min': 5, 'max': 4                            | min must be at most max, not 5 and 4
            'min': 5                                      | table is required unless both min and max are given
            'table': 'shop.item', 'chunk_size': 0         | chunk_size: must have a minimum value of 1, not 0
            'table': 'shop.item', 'pause_ms': -1          | pause_ms: must have a minimum value of 0, not -1
            """)
    void anInvalidRangeIsRefusedAtSubmission(String range, String error) {
        assertThatThrownBy(() -> operations.start("sql_backfill", """
                {'connection': 'longhaul', %s, 'statement': 'update shop.item set n = 1 where id >= :from and id < \
                :to'}""".formatted(range)))
                .isInstanceOf(InvalidInput.class).hasMessageContaining(error);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            mars     | 'table': 'shop.item'                          | \
            unknown connection "mars" for backfills; longhaul.sql-backfill.connections has shop, unreachable
            longhaul | 'min': 1, 'max': 1000000, 'chunk_size': 9     | \
            chunk_size must be at least 10 for the keys 1 to 1000000, not 9: a backfill has at most 100000 chunks
            longhaul | 'min': -9223372036854775808, 'max': 9         | \
            the range must have at most 2^63 - 1 keys and end before 2^63 - 1, not be -9223372036854775808 to 9
            longhaul | 'table': 'shop.none'                          | \
            the range of shop.none: ERROR: relation "shop.none" does not exist
            longhaul | 'table': 'shop.item;drop', 'key': 'x'         | \
            the range of shop.item;drop: ERROR: relation "shop.item;drop" does not exist
            shop     | 'table': 'shop.item', 'key': 'key'            | \
            the range of shop.item: ERROR: column "key" does not exist
            """)
    void anErrorFoundAtRunTimeFailsTheTaskWithoutRetry(String connection, String range, String error) {
        assertThat(operations.error("sql_backfill", """
                {'connection': '%s', %s, 'statement': 'update shop.item set n = 1 where id >= :from and id < \
                :to'}""".formatted(connection, range))).startsWith(error);
    }

    @Test
    void ownDatabaseIsForbiddenByDefault() {
        assertThatThrownBy(() -> BackfillDatabase.find("longhaul", new SqlBackfillSettings(false, Map.of()), null))
                .hasMessage("backfills of Longhaul's own database are not allowed: "
                        + "longhaul.sql-backfill.own-database is false");
    }

    private List<String> rowsByN(String connection) {
        return (connection.equals("shop") ? other : own)
                .sql("select n || ': ' || count(*) from shop.item group by n order by n").query(String.class).list();
    }

    private List<String> steps(UUID id) {
        return own.sql("select name from operation_step where operation_id = :id").param("id", id).query(String.class)
                .list();
    }
}
