package dev.longhaul.query;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// Workers: nodes, remote workers, and the tracker.
@Repository
public class WorkerList {

    private final JdbcClient jdbc;

    WorkerList(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// @param kind    `node`; `remote`; or `tracker`, which represents all creators of tracked operations
    /// @param status  `alive`, `lost` or `ended`
    /// @param types   types that a remote worker claims; null: those of the node's own tasks
    /// @param running number of its running operations
    /// @param drainingSince time since which it claims nothing more; null: it claims
    @JsonNaming(SnakeCaseStrategy.class)
    public record Worker(String workerId, String name, String kind, String status, Instant startedAt, Instant beatAt,
            @Nullable Instant leaseUntil, @Nullable Instant endedAt,
                         @Nullable List<String> types, @Nullable List<String> queues, long running,
                                 @Nullable Instant drainingSince, @Nullable String drainedBy,
                                 @Nullable String drainReason) {}

    private static final String ALL = """
            select w.*, (select count(*) from operation o where o.worker_id = w.id and o.status = 'running') as running
            from worker w
            where (w.status = 'alive' or :all) and (:id::uuid is null or w.id = :id::uuid)
            order by w.started_at desc, w.id
            limit 200
            """;

    /// Workers, newest first, 200 at most.
    ///
    /// @param all true: lost and ended workers too
    public List<Worker> list(boolean all) {
        return jdbc.sql(ALL).param("all", all).param("id", null).query((row, _) -> worker(row)).list();
    }

    public Optional<Worker> find(UUID id) {
        return jdbc.sql(ALL).param("all", true).param("id", id).query((row, _) -> worker(row)).optional();
    }

    private static Worker worker(ResultSet row) throws SQLException {
        return new Worker(row.getString("id"), row.getString("name"), row.getString("kind"), row.getString("status"),
                row.getObject("started_at", OffsetDateTime.class).toInstant(),
                row.getObject("heartbeat_at", OffsetDateTime.class).toInstant(), instant(row, "lease_until"),
                instant(row, "ended_at"), texts(row, "types"), texts(row, "queues"), row.getLong("running"),
                instant(row, "draining_since"), row.getString("drained_by"), row.getString("drain_reason"));
    }

    /// Null also for an infinite time.
    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null || time.isEqual(OffsetDateTime.MAX) ? null : time.toInstant();
    }

    private static @Nullable List<String> texts(ResultSet row, String column) throws SQLException {
        var array = row.getArray(column);
        return array == null ? null : List.of((String[]) array.getArray());
    }
}
