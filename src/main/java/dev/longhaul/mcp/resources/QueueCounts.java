package dev.longhaul.mcp.resources;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// Counts unfinished operations per queue; finished ones cost nothing.
@Component
class QueueCounts {

    private final JdbcClient jdbc;

    QueueCounts(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// @param pending       ready or delayed
    /// @param oldestReadyAt since when the oldest one is ready; null: none is
    /// @param maxRunning    maximum number of running operations; null: no limit
    @JsonNaming(SnakeCaseStrategy.class)
    record Queue(String name, boolean paused, @Nullable Integer maxRunning, long pending, long running, long waiting,
            @Nullable OffsetDateTime oldestReadyAt) {}

    // Each part by the partial index that holds just those rows.
    private static final String COUNT = """
            with live as (
                select queue, 'pending' as status, count(*) as operations, min(run_at) as oldest
                from operation where status = 'pending' and not delayed group by queue
                union all
                select queue, status, count(*), null from operation
                where status in ('pending', 'waiting') and delayed and not paused group by queue, status
                union all
                select queue, 'running', count(*), null from operation where status = 'running' group by queue)
            select name, coalesce(q.paused and (q.resume_at is null or q.resume_at > now()), false) as paused,
                q.max_running,
                   coalesce(sum(operations) filter (where status = 'pending'), 0) as pending,
                   coalesce(sum(operations) filter (where status = 'running'), 0) as running,
                   coalesce(sum(operations) filter (where status = 'waiting'), 0) as waiting,
                       min(oldest) as oldest_ready_at
            from (select queue as name from live union select name from queue) as names
            left join queue q using (name)
            left join live on live.queue = name
            group by name, q.paused, q.resume_at, q.max_running
            order by name
            """;

    /// Individually paused operations are not counted.
    List<Queue> count() {
        return jdbc.sql(COUNT).query((row, _) -> new Queue(row.getString("name"), row.getBoolean("paused"),
                row.getObject("max_running", Integer.class),
                row.getLong("pending"), row.getLong("running"), row.getLong("waiting"),
                row.getObject("oldest_ready_at", OffsetDateTime.class))).list();
    }

    List<String> names() {
        return Stream.concat(Stream.of("default"), count().stream().map(Queue::name)).distinct().toList();
    }
}
