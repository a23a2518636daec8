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

/// How long operations of a type usually wait and take: by the newest that are over, so that it is what is usual now,
/// and costs the same however many there were.
@Repository
public class TypicalDurations {

    private final JdbcClient jdbc;

    TypicalDurations(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// @param completed   of how many operations: those among the newest 500 that are over
    /// @param waitSeconds from the moment at which it was to start until its first attempt began
    /// @param runSeconds  from there until it completed, with the pauses between attempts
    @JsonNaming(SnakeCaseStrategy.class)
    public record DurationStatistics(int completed, Percentiles waitSeconds, Percentiles runSeconds) {}

    /// Half of them took at most `p50`, 9 of 10 at most `p90`, 99 of 100 at most `p99`.
    public record Percentiles(double p50, double p90, double p99) {}

    // The order is that of an index, for the reason that Streams has. After a retry, a sleep or a pause run_at is that
    // of a later start, and the moment of submission is the best there is. A claim's transaction may have begun just
    // before the submission's.
    private static final String USUAL = """
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

    /// Of those types of which any operation completed lately.
    public Map<String, DurationStatistics> of(Collection<String> types) {
        var usual = new HashMap<String, DurationStatistics>();
        jdbc.sql(USUAL).param("types", types.toArray(String[]::new)).query(row -> {
            usual.put(row.getString("type"), new DurationStatistics(row.getInt("completed"), percentiles(row, "waited"),
                    percentiles(row, "took")));
        });
        return usual;
    }

    private static Percentiles percentiles(ResultSet row, String column) throws SQLException {
        var values = (Double[]) row.getArray(column).getArray();
        return new Percentiles(rounded(values[0]), rounded(values[1]), rounded(values[2]));
    }

    private static double rounded(double seconds) {
        return Math.round(seconds * 1_000) / 1_000.0;
    }
}
