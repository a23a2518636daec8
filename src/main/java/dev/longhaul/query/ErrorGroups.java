package dev.longhaul.query;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// Failures of operations, grouped by error.
@Repository
public class ErrorGroups {

    private final JdbcClient jdbc;

    ErrorGroups(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Failures of one type of operation with the same error; numbers and ids in its message are ignored.
    ///
    /// @param fingerprint hash of type, error and message; stable across restarts
    /// @param message     message of the newest failure
    @JsonNaming(SnakeCaseStrategy.class)
    public record ErrorGroup(String fingerprint, String type, String errorType, String message, long count, Instant firstAt,
            Instant lastAt, String lastOperationId) {}

    private static final String GROUPS = """
            with failed as (
                select id, type, coalesce(error ->> 'type', '') as error_type,
                    coalesce(error ->> 'message', '') as message, finished_at
                from operation
                where status = 'failed' and id >= operation_id_at(now() - :since::interval)
                    and (:type::text is null or type = :type::text)
                order by id desc limit 10000),
            named as (
                select *, left(md5(type || ' ' || error_type || ' '
                    || regexp_replace(message, '[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|0x[0-9a-fA-F]+|[0-9]+', '#', 'g')),
                    16) as fingerprint
                from failed)
            select fingerprint, type, error_type, (array_agg(message order by finished_at desc))[1] as message,
                count(*) as number,
                   min(finished_at) as first_at, max(finished_at) as last_at,
                       (array_agg(id order by finished_at desc))[1] as last_id
            from named
            group by fingerprint, type, error_type
            order by number desc, last_at desc
            limit :limit
            """;

    /// Groups the operations that were submitted within `since` and are failed now (the newest 10,000), most frequent
    /// group first.
    ///
    /// @param type type of operation; null: any
    public List<ErrorGroup> of(Duration since, @Nullable String type, int limit) {
        return jdbc.sql(GROUPS).param("since", since.toString()).param("type", type).param("limit", limit)
                .query((row, _) -> new ErrorGroup(row.getString("fingerprint"), row.getString("type"),
                        row.getString("error_type"), row.getString("message"),
                        row.getLong("number"), row.getObject("first_at", OffsetDateTime.class).toInstant(),
                        row.getObject("last_at", OffsetDateTime.class).toInstant(),
                        row.getString("last_id"))).list();
    }
}
