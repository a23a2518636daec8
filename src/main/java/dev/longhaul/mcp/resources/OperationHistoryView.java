package dev.longhaul.mcp.resources;

import dev.longhaul.operation.OperationId;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// The history of an operation.
@Component
class OperationHistoryView {

    private static final int MOST = 1_000;

    private final JdbcClient jdbc;

    OperationHistoryView(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// One row of its history.
    @JsonNaming(SnakeCaseStrategy.class)
    record Event(int seq, OffsetDateTime at, String event, @Nullable String fromStatus, String toStatus, int attempt,
            double progress, @Nullable String message,
                 String by, String source, @Nullable String reason) {}

    private static final String READ = """
            select seq, at, event, from_status, to_status, attempt, progress, message, changed_by, source, reason
            from operation_history where operation_id = :id
            order by seq desc limit :most
            """;

    /// The newest thousand, oldest first.
    List<Event> of(OperationId id) {
        return jdbc.sql(READ).param("id", id.value()).param("most", MOST)
                .query((row, _) -> new Event(row.getInt("seq"), row.getObject("at", OffsetDateTime.class),
                row.getString("event"), row.getString("from_status"), row.getString("to_status"), row.getInt("attempt"),
                row.getDouble("progress"),
                row.getString("message"), row.getString("changed_by"), row.getString("source"),
                row.getString("reason"))).list().reversed();
    }
}
