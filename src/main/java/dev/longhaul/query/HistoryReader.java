package dev.longhaul.query;

import dev.longhaul.operation.OperationId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// Reads the history of one operation, and its attempts.
@Repository
public class HistoryReader {

    private final JdbcClient jdbc;

    HistoryReader(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// One row of the history.
    ///
    /// @param seq   1..n per operation
    /// @param event `submitted`, `status`, `cancel_requested`, `paused`, `resumed`, `answered`, `edited` or `progress`
    ///     (a sample)
    /// @param by    name of the principal
    /// @param source source of the change
    /// @param error error message of this change
    @JsonNaming(SnakeCaseStrategy.class)
    public record HistoryEntry(String operationId, int seq, long version, Instant at, String event,
            @Nullable String fromStatus, String toStatus, int attempt, String by, String source,
                        @Nullable String reason, double progress, @Nullable String message, @Nullable String workerId,
                                @Nullable String error) {}

    /// Selects entries. The caller appends the `where` clause.
    static final String ENTRIES = """
            select operation_id, seq, version, at, event, from_status, to_status, attempt, changed_by, source,
                reason, progress, message, worker_id,
                   error ->> 'message' as error
            from operation_history
            """;
    private static final String OF = ENTRIES + """
            where operation_id = :id and seq > :after
            order by seq
            limit :limit
            """;

    /// Entries in their order. If there are `limit` entries, more may follow.
    ///
    /// @param after `seq` of the last entry before the page; 0: from the first
    public List<HistoryEntry> of(OperationId id, int after, int limit) {
        return jdbc.sql(OF).param("id", id.value()).param("after", after).param("limit", limit)
                .query((row, _) -> entry(row)).list();
    }

    /// One attempt of an operation: one run, or several without a failure between them. A run that continues after a
    /// sleep, a pause or a drain begins no new attempt.
    ///
    /// @param endedAt null: it is still running
    /// @param outcome resulting status: `completed`, `failed`, `cancelled`, `pending` (to be run again) or `waiting`
    @JsonNaming(SnakeCaseStrategy.class)
    public record Attempt(int attempt, Instant startedAt, @Nullable Instant endedAt, @Nullable String outcome,
            @Nullable String reason, @Nullable String error,
                          @Nullable String errorType, @Nullable String worker, double progress) {}

    private static final String ATTEMPTS = """
            select h.attempt, min(h.at) filter (where h.to_status = 'running') as started_at,
                   case when last.to_status <> 'running' then last.at end as ended_at, case
                       when last.to_status <> 'running' then last.to_status end as outcome,
                   last.reason, last.error ->> 'message' as error, last.error ->> 'type' as error_type,
                       w.name as worker, max(h.progress) as progress
            from operation_history h
            join lateral (select * from operation_history l where l.operation_id = h.operation_id
                and l.attempt = h.attempt
                          and 'running' in (l.from_status, l.to_status) order by l.seq desc limit 1) as last on true
            left join worker w on w.id = last.worker_id
            where h.operation_id = :id and h.attempt > 0
            group by h.attempt, last.at, last.to_status, last.reason, last.error, w.name
            order by h.attempt
            """;

    /// Attempts, first one first.
    public List<Attempt> attempts(OperationId id) {
        return jdbc.sql(ATTEMPTS).param("id", id.value())
                .query((row, _) -> new Attempt(row.getInt("attempt"), row.getObject("started_at", OffsetDateTime.class)
                .toInstant(),
                row.getObject("ended_at") == null ? null : row.getObject("ended_at", OffsetDateTime.class).toInstant(),
                row.getString("outcome"), row.getString("reason"),
                row.getString("error"), row.getString("error_type"), row.getString("worker"),
                row.getDouble("progress"))).list();
    }

    static HistoryEntry entry(ResultSet row) throws SQLException {
        return new HistoryEntry(row.getString("operation_id"), row.getInt("seq"), row.getLong("version"),
                row.getObject("at", OffsetDateTime.class).toInstant(), row.getString("event"),
                row.getString("from_status"), row.getString("to_status"), row.getInt("attempt"),
                row.getString("changed_by"), row.getString("source"),
                row.getString("reason"), row.getDouble("progress"), row.getString("message"),
                row.getString("worker_id"), row.getString("error"));
    }
}
