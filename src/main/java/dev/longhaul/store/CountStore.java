package dev.longhaul.store;

import dev.longhaul.operation.Status;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Numbers of operations, and of submitted and finished ones. Every change maintains them, so that no count reads all
/// rows.
@Repository
public class CountStore {

    private final JdbcClient jdbc;

    CountStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Number of operations of a type and queue in a status.
    public record Count(String type, String queue, Status status, long number) {}

    private static final String COUNTS = """
            select type, queue, status, sum(number) as number
            from (select type, queue, status, number from operation_count
                  union all select type, queue, to_status, number from count_delta where to_status is not null
                  union all select type, queue, from_status, -number from count_delta
                            where from_status <> 'submitted') as counted
            group by type, queue, status
            having sum(number) <> 0
            order by type, queue, status
            """;

    /// All current counts other than 0.
    public List<Count> counts() {
        return jdbc.sql(COUNTS).query((row, _) ->
                new Count(row.getString("type"), row.getString("queue"), Status.parse(row.getString("status")),
                        row.getLong("number"))).list();
    }

    /// Number of operations of a type and queue that entered a status in the hour that begins at `hour`.
    ///
    /// @param what `submitted`, or the status that they entered; `pending`: to be run again
    public record Came(Instant hour, String type, String queue, String what, long number) {}

    private static final String HOURS = """
            select hour, type, queue, status, sum(entered) as number
            from (select hour, type, queue, status, entered from hourly_count
                  union all
                  select date_trunc('hour', at, 'UTC'), type, queue,
                         case from_status when 'submitted' then 'submitted' else to_status end, number
                  from count_delta where from_status is not null and to_status is not null) as entry
            where hour >= :from
            group by hour, type, queue, status
            order by hour, type, queue, status
            """;

    /// Counts per hour. The first hour is that of `from` or the next one.
    public List<Came> hours(Instant from) {
        return jdbc.sql(HOURS).param("from", from.atOffset(ZoneOffset.UTC))
                .query((row, _) -> new Came(row.getObject("hour", OffsetDateTime.class).toInstant(),
                row.getString("type"), row.getString("queue"), row.getString("status"), row.getLong("number"))).list();
    }

    private static final String FOLD = "select merge_counts()";

    /// Merges the deltas since the last call, so that reads stay fast. One node at a time merges.
    public void fold() {
        jdbc.sql(FOLD).query(Integer.class).single();
    }
}
