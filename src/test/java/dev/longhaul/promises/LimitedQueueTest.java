package dev.longhaul.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.Service;
import dev.longhaul.TestDatabase;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// A limit holds for all nodes together.
class LimitedQueueTest {

    private final TestDatabase.Database database = TestDatabase.shared().fresh();
    private final JdbcClient sql = JdbcClient.create(new DriverManagerDataSource(database.superuserUrl()));

    @Test
    void twoNodesNeverRunMoreOfAQueueThanItsLimit() throws Exception {
        try (var _ = start(); var _ = start()) {
            sql.sql("insert into queue (name, max_running) values ('narrow', 3)").update();
            sql.sql("""
                    insert into operation (type, queue, input)
                    select 'simulation', 'narrow', '{"duration_seconds": 0.1, "steps": 1}' from generate_series(1, 120)""").update();

            var most = 0;
            while (count("select count(*) from operation where status in ('pending', 'running')") > 0) {
                most = Math.max(most, count("select count(*) from operation where status = 'running'"));
            }

            assertThat(most).isEqualTo(3);
            assertThat(count("select count(*) from operation where status = 'completed' and attempt = 1"))
                    .isEqualTo(120);
            assertThat(count("select count(distinct changed_by) from operation_history where to_status = 'running'"))
                    .as("both nodes had their share").isEqualTo(2);
        }
    }

    /// With two slots, so that one node alone cannot reach the limit.
    private Service start() throws InterruptedException {
        return Service.start(database, Service.freePort(), "--longhaul.engine.slots=2").awaitUp();
    }

    private int count(String query) {
        return sql.sql(query).query(Integer.class).single();
    }
}
