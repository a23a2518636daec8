package dev.longhaul.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/// What the triggers cost grows with the batch, not with its square.
@ResourceLock(LonghaulTest.SPECIAL)
class LargeBatchTest {

    private static final MigratedDatabase database = new MigratedDatabase();

    /// A connection plans a trigger's queries once, for the first batch it happens to see, and keeps the plans.
    @Test
    void aConnectionThatBeganWithOneRowDoesNotCompareEachRowOfALargeBatchWithEachOther() throws SQLException {
        database.asService()
                .sql("insert into operation (type, run_at) select 'typed', now() + interval '1 day' from "
                + "generate_series(1, 500)").update();
        try (var connection = database.connectAsSuperuser()) {
            var jdbc = JdbcClient.create(new SingleConnectionDataSource(connection, true));
            jdbc.sql("update operation set message = 'one' where id = (select min(id::text)::uuid from operation)")
                    .update();
            jdbc.sql("load 'auto_explain'").update();
            jdbc.sql("set auto_explain.log_nested_statements = on").update();
            jdbc.sql("set auto_explain.log_min_duration = 0").update();
            jdbc.sql("set client_min_messages = log").update();

            var plans = plansOf(connection, "update operation set message = 'all'");

            assertThat(plans).anyMatch(plan -> plan.contains("insert into operation_history"))
                    .noneMatch(plan -> plan.contains("Nested Loop"));
        }
    }

    private static List<String> plansOf(Connection connection, String update) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.executeUpdate(update);
            var plans = new ArrayList<String>();
            for (var notice = statement.getWarnings(); notice != null; notice = notice.getNextWarning()) {
                plans.add(notice.getMessage());
            }
            return plans;
        }
    }
}
