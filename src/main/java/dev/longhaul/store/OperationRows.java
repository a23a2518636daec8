package dev.longhaul.store;

import dev.longhaul.operation.Failure;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Progress;
import dev.longhaul.operation.Status;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGInterval;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads rows of `operation.*, now() as read_at`.
@Component
public class OperationRows implements RowMapper<Operation> {

    private final JsonMapper json;

    OperationRows(JsonMapper json) {
        this.json = json;
    }

    @Override
    public Operation mapRow(ResultSet row, int number) throws SQLException {
        return new Operation(
                new OperationId(row.getObject("id", UUID.class)), row.getString("type"), row.getString("queue"), row.getInt("priority"),
                Status.parse(row.getString("status")), row.getBoolean("parked"), required(row, "run_at"),
                row.getInt("attempt"), row.getInt("max_attempts"), row.getInt("failures"), duration(row),
                new Progress(row.getDouble("progress"), row.getObject("progress_current", Long.class),
                        row.getObject("progress_total", Long.class), row.getString("message")),
                row.getLong("version"), instant(row, "cancel_requested_at"), required(row, "created_at"), instant(row, "started_at"),
                instant(row, "attempt_started_at"), required(row, "updated_at"), instant(row, "finished_at"),
                json.readTree(row.getString("input")), tree(row.getString("output")), failure(row.getString("error")),
                required(row, "read_at"));
    }

    private static @Nullable Duration duration(ResultSet row) throws SQLException {
        var interval = (PGInterval) row.getObject("timeout");
        return interval == null ? null : Duration.ofDays(interval.getDays()).plusHours(interval.getHours())
                .plusMinutes(interval.getMinutes()).plusSeconds(interval.getWholeSeconds()).plusNanos(interval.getMicroSeconds() * 1000L);
    }

    private static Instant required(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private @Nullable JsonNode tree(@Nullable String text) {
        return text == null ? null : json.readTree(text);
    }

    private @Nullable Failure failure(@Nullable String text) {
        if (text == null) {
            return null;
        }
        var error = json.readTree(text);
        return new Failure(error.path("type").asString("unknown"), error.path("message").asString(error.isString() ? error.asString() : "unknown"),
                error.path("trace").isString() ? error.path("trace").asString() : null);
    }
}
