package dev.longhaul.task;

import java.sql.Connection;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The transaction of a step, begun and not yet committed; the work of the step must do neither.
///
/// @param connection the connection that `jdbc` uses, for features of the driver alone, e.g. COPY
public record StepTransaction(JdbcClient jdbc, Connection connection) {

    public JdbcClient.StatementSpec sql(String statement) {
        return jdbc.sql(statement);
    }
}
