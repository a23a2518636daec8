package dev.longhaul.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import dev.longhaul.store.Partitions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.test.context.TestPropertySource;

/// A service creates the partitions of each day before it begins.
@LonghaulTest
@TestPropertySource(properties = {"longhaul.engine.backoff=50ms", "longhaul.engine.cancel-grace=300ms"})
class PartitionsTest {

    @Autowired
    JdbcClient sql;
    @Autowired
    Partitions partitions;
    @Value("${test.superuser-url}")
    String superuserUrl;

    @Test
    void aServiceCreatesPartitionsForAWeekAhead() {
        awaitAWeek();
    }

    /// A new partition needs a lock on the table. A wait for the lock would block all others, so it is short.
    @Test
    void partitionCreationDoesNotWaitForALongTransaction() throws Exception {
        awaitAWeek();
        try (var connection = new DriverManagerDataSource(superuserUrl).getConnection(); var statement =
                connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("select count(*) from operation_history");

            assertThat(catchThrowable(() -> partitions.ensure(200))).isInstanceOf(DataAccessException.class)
                    .rootCause().hasMessageContaining("lock timeout");
            connection.rollback();
        }
        assertThat(partitions.ensure(200)).isPositive();
    }

    private void awaitAWeek() {
        await().atMost(Duration.ofSeconds(20)).until(() -> sql.sql("""
                select max(end_day) > (now() at time zone 'UTC')::date + 6 from operation_partition
                """).query(Boolean.class).single());
    }
}
