package dev.longhaul.query;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// Typical wait and run times of a type, from its newest finished operations. The values are recent, and the cost does
/// not depend on the number of operations.
@Repository
public class TypicalDurations {

    private final JdbcClient jdbc;

    TypicalDurations(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// @param completed   number of completed operations among the newest 500 finished ones
    /// @param waitSeconds seconds from the scheduled start to the first attempt
    /// @param runSeconds  seconds from the first attempt to completion, pauses between attempts included
    @JsonNaming(SnakeCaseStrategy.class)
    public record DurationStatistics(int completed, Percentiles waitSeconds, Percentiles runSeconds) {}

    /// Half of the operations took at most `p50`, 9 of 10 at most `p90`, 99 of 100 at most `p99`.
    public record Percentiles(double p50, double p90, double p99) {}

    // The order is that of an index, so that PostgreSQL reads the newest rows without a sort. After a retry, a sleep or
    // a pause, `run_at` is a later start, so the wait is measured from the submission. A claim's transaction may have
    // begun just before the submission's.
    private static final String TYPICAL = """
            select t.type, count(*) as completed,
                   percentile_cont(array[0.5, 0.9, 0.99]) within group (order by extract(epoch
                       from greatest(interval '0',
                       n.started_at - case when n.run_at < n.started_at + interval '1 second' then n.run_at
                           else n.created_at end))) as waited,
                   percentile_cont(array[0.5, 0.9, 0.99]) within group (order by extract(epoch
                       from n.finished_at - n.started_at)) as took
            from unnest(:types::text[]) as t (type)
            cross join lateral (
                select o.status, o.created_at, o.run_at, o.started_at, o.finished_at from operation o
                where o.type ~>=~ t.type and o.type ~<=~ t.type and o.status in ('completed', 'failed', 'cancelled')
                order by o.type using ~>~, o.id desc limit 500) as n
            where n.status = 'completed' and n.started_at is not null
            group by t.type
            """;

    /// Types without recent completed operations are missing.
    public Map<String, DurationStatistics> of(Collection<String> types) {
        var typical = new HashMap<String, DurationStatistics>();
        jdbc.sql(TYPICAL).param("types", types.toArray(String[]::new)).query(row -> {
            typical.put(row.getString("type"), new DurationStatistics(row.getInt("completed"),
                    percentiles(row, "waited"), percentiles(row, "took")));
        });
        return typical;
    }

    private static Percentiles percentiles(ResultSet row, String column) throws SQLException {
        var values = (Double[]) row.getArray(column).getArray();
        return new Percentiles(rounded(values[0]), rounded(values[1]), rounded(values[2]));
    }

    private static double rounded(double seconds) {
        return Math.round(seconds * 1_000) / 1_000.0;
    }
}
