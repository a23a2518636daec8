package dev.longhaul.store;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Submits the operations of due schedules, and logs each scheduled run, in one statement.
@Repository
public class ScheduledRunStore {

    private final JdbcClient jdbc;

    ScheduledRunStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// The decision on one scheduled run.
    ///
    /// @param startAt earliest start of the operation; null: none is submitted
    /// @param inTurn  true: it starts after the schedule's earlier operations have finished
    public record Decision(UUID schedule, Instant fireAt, String outcome, @Nullable String reason,
            @Nullable Instant startAt, boolean inTurn) {}

    // A scheduled run that is already in the log submits nothing. The log row is inserted first, and a concurrent
    // insert of the same key waits for it.
    private static final String FIRE = """
            with decided as materialized (
                select d.*, case when d.start_at is not null then operation_id() end as id
                from unnest(:schedules::uuid[], :fireAts::timestamptz[], :outcomes::text[], :reasons::text[],
                    :startAts::timestamptz[], :inTurns::boolean[])
                    as d (schedule, scheduled_at, outcome, reason, start_at, in_turn)),
            logged as (
                insert into scheduled_run (schedule_id, scheduled_at, cause, outcome, reason, operation_id, decided_by)
                select schedule, scheduled_at, :cause, outcome, reason, id, :by from decided
                order by schedule, scheduled_at
                on conflict do nothing
                returning schedule_id, scheduled_at, operation_id)
            insert into operation (id, namespace, type, claim_group, queue, priority, run_at, max_attempts, timeout,
                                   tags, metadata, input, encryption_key_id, schedule_id, concurrency_key,
                                   concurrency_limit, changed_by, source, reason)
            select l.operation_id, s.namespace, s.type, claim_group_of(s.type, s.namespace), s.queue, s.priority,
                   greatest(d.start_at, now()), s.max_attempts, s.timeout, s.tags, s.metadata, s.input,
                   s.encryption_key_id, s.id,
                   case when d.in_turn then 'schedule ' || s.id end, case when d.in_turn then 1 end, :by, :via,
                   format('schedule %s, due at %s', s.name,
                       to_char(d.scheduled_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
            from logged l join decided d on d.schedule = l.schedule_id and d.scheduled_at = l.scheduled_at
                join schedule s on s.id = d.schedule
            where l.operation_id is not null
            order by l.operation_id
            """;

    /// @param cause `time`, `manual` or `backfill`
    /// @param by    name of the node, or of the caller
    /// @return number of submitted operations
    public int fire(List<Decision> decisions, String cause, String by, String via) {
        return jdbc.sql(FIRE)
                .param("schedules", column(decisions, Decision::schedule))
                        .param("fireAts", column(decisions, Decision::fireAt))
                .param("outcomes", column(decisions, Decision::outcome))
                        .param("reasons", column(decisions, Decision::reason))
                .param("startAts", column(decisions, Decision::startAt))
                        .param("inTurns", column(decisions, Decision::inTurn))
                .param("cause", cause).param("by", by).param("via", via).update();
    }

    private static @Nullable String[] column(List<Decision> decisions, Function<Decision, @Nullable Object> value) {
        return decisions.stream().map(value).map(one -> one == null ? null : one.toString()).toArray(String[]::new);
    }

    private static final String ACTIVE = """
            select schedule_id, id, created_at from operation
            where schedule_id = any(:schedules::uuid[]) and status in ('pending', 'waiting', 'running')
            order by id
            """;

    /// An unfinished operation of a schedule.
    public record Active(UUID schedule, UUID operation, Instant since) {}

    /// Unfinished operations, oldest first.
    public List<Active> active(List<UUID> schedules) {
        return jdbc.sql(ACTIVE).param("schedules", schedules.stream().map(UUID::toString).toArray(String[]::new))
                .query((row, _) -> new Active(row.getObject("schedule_id", UUID.class), row.getObject("id", UUID.class),
                        row.getTimestamp("created_at").toInstant())).list();
    }
}
