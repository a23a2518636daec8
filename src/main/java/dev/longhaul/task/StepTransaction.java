package dev.longhaul.task;

import java.sql.Connection;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The open transaction of a step. The work of the step must neither commit it nor roll it back.
///
/// @param connection the connection of `jdbc`, for features of the driver, e.g. COPY
public record StepTransaction(JdbcClient jdbc, Connection connection) {

    public JdbcClient.StatementSpec sql(String statement) {
        return jdbc.sql(statement);
    }
}
