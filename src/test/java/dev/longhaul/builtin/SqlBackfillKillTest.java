package dev.longhaul.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.Service;
import dev.longhaul.TestDatabase;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// Adds one to every row while the service is killed twice.
class SqlBackfillKillTest {

    private static final Logger log = LoggerFactory.getLogger(SqlBackfillKillTest.class);
    private static final int CHUNKS = 400;
    private static final int CHUNK = 250;

    private final TestDatabase.Database database = TestDatabase.shared().fresh();
    private final JdbcClient sql = JdbcClient.create(new DriverManagerDataSource(database.superuserUrl()));

    @Test
    void everyRowIsChangedExactlyOnceAlthoughTheServiceIsKilled() throws Exception {
        var seed = Long.getLong("seed", System.nanoTime());
        var random = new Random(seed);
        log.info("seed {}", seed);
        var port = Service.freePort();
        var service = start(port);
        try {
            service.awaitUp();
            sql.sql("""
                    create table item (id int primary key, n int not null default 0);
                    insert into item select generate_series(1, %d);
                    grant select, update on item to longhaul_service;
                    """.formatted(CHUNKS * CHUNK)).update();
            var id = sql.sql("insert into operation (type, input) values ('sql_backfill', :input::jsonb) returning id")
                    .param("input", """
                    {"connection": "longhaul", "table": "item", "chunk_size": %d, "pause_ms": 2, "statement": "update \
                    item set n = n + 1 where id >= :from and id < :to"}
                    """.formatted(CHUNK)).query(UUID.class).single();
            for (var kill = 1; kill <= 2; kill++) {
                var chunk = CHUNKS / 3 * kill;
                await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(2))
                        .until(() -> chunks(id) >= chunk);
                service.awaitExit(Duration.ofMillis(random.nextInt(10)));
                service.kill();
                log.info("killed after {} of {} chunks", chunks(id), CHUNKS);
                service = start(port);
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> sql.sql("select status from operation where id = :id")
                    .param("id", id).query(String.class).single().equals("completed"));
            assertThat(sql.sql("select output->>'rows' from operation where id = :id").param("id", id)
                    .query(Integer.class).single()).isEqualTo(CHUNKS * CHUNK);
        } finally {
            service.close();
        }
        assertThat(sql.sql("select n || ': ' || count(*) from item group by n").query(String.class).list())
                .containsExactly("1: " + CHUNKS * CHUNK);
    }

    private Service start(int port) {
        return Service.start(database, port, "--longhaul.engine.lease=3s", "--longhaul.sql-backfill.own-database=true");
    }

    private int chunks(UUID id) {
        return sql.sql("select count(*) from operation_step where operation_id = :id and name like 'chunk-%'")
                .param("id", id).query(Integer.class).single();
    }
}
