package dev.longhaul.store;

import dev.longhaul.operation.LogLine;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Outcome;
import dev.longhaul.operation.Progress;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A node's side of its runs. One statement, [#carry], writes all that happened since the last one and claims what is next:
/// a commit less per batch was worth more than any index (27-31,000 operations/s against 22,000 in two statements).
@Repository
public class RunStore {

    private final JdbcTemplate jdbc;
    private final OperationRows rows;
    private final JsonMapper json;

    RunStore(EngineConnection connection, OperationRows rows, JsonMapper json) {
        this.jdbc = new JdbcTemplate(connection.dataSource());
        this.rows = rows;
        this.json = json;
    }

    /// One run, as its worker holds it.
    public record Claim(Operation operation, UUID runId) {}

    /// The newest progress of a run, and the steps it finished.
    ///
    /// @param sample     true: this report is also a row of the history
    /// @param checkpoint true: the run has got past a checkpoint, so the workers lost before it count no more
    public record Report(OperationId id, UUID runId, Progress progress, boolean sample, boolean checkpoint, List<Step> steps,
                         List<LogLine> log) {}

    public record Step(String name, @Nullable JsonNode result) {}

    /// How a run ended, with its last progress and what it logged: one change, one event.
    public record End(OperationId id, UUID runId, Outcome outcome, Progress progress, List<LogLine> log) {}

    /// What the database said.
    ///
    /// @param accepted        the runs whose report or end was taken; one that is missing has lost its lease
    /// @param cancelRequested the runs among them that should stop
    public record Carried(List<Claim> claims, Set<UUID> accepted, Set<UUID> cancelRequested) {}

    // No row of `ended` or `reported` is in `next`: those are running, these are pending. A run that ends and reports in the
    // same turn reports by its end. `materialized`: else the planner may run the limited select once per row.
    // From a queue with a limit only those may claim who hold its row (`counted`), so that two nodes do not both take the last place; what ends
    // in this very turn is still counted as running by it, and is taken off.
    private static final String CARRY = """
            with reported as (
                update operation o set
                    progress = r.progress, progress_current = r.current, progress_total = r.total, message = r.message,
                    losses = case when r.checkpoint then 0 else o.losses end, log_lines = o.log_lines + coalesce(jsonb_array_length(r.log), 0),
                    version = o.version + 1, history_seq = o.history_seq + r.sample::int, updated_at = now(), reason = null
                from unnest(?::uuid[], ?::uuid[], ?::numeric[], ?::bigint[], ?::bigint[], ?::text[], ?::boolean[], ?::boolean[], ?::jsonb[])
                    as r (id, run_id, progress, current, total, message, sample, checkpoint, log)
                where o.id = r.id and o.run_id = r.run_id
                returning o.id, o.run_id, o.attempt, o.cancel_requested_at is not null as cancel, o.log_lines, r.log),
            steps as (
                insert into operation_step (operation_id, name, result, attempt)
                select r.id, s.name, s.result, r.attempt
                from unnest(?::uuid[], ?::text[], ?::jsonb[]) as s (run_id, name, result) join reported r using (run_id)
                on conflict do nothing),
            ended as (
                update operation o set
                    status = case when o.cancel_requested_at is not null and e.status in ('pending', 'waiting') then 'cancelled' else e.status end,
                    finished_at = case when e.status in ('completed', 'failed', 'cancelled') or o.cancel_requested_at is not null then now() end,
                    parked = (e.delay is not null or e.waits_for is not null or o.paused and e.status = 'pending') and o.cancel_requested_at is null,
                    paused = o.paused and e.status in ('pending', 'waiting') and o.cancel_requested_at is null,
                    run_at = case when e.delay is not null then now() + e.delay when e.waits_for is not null then 'infinity' else now() end,
                    waits_for = case when o.cancel_requested_at is null then e.waits_for end,
                    awaits = case when o.cancel_requested_at is null then e.awaits::uuid[] end,
                    run_id = null, worker_id = null,
                    resume = e.resume, failures = o.failures + e.failed::int, losses = 0,
                    progress = e.progress, progress_current = e.current, progress_total = e.total, message = e.message,
                    output = e.output, error = e.error, reason = e.reason, log_lines = o.log_lines + coalesce(jsonb_array_length(e.log), 0),
                    version = o.version + 1, history_seq = o.history_seq + 1, updated_at = now(),
                    changed_by = ?, changed_via = 'engine'
                from unnest(?::uuid[], ?::uuid[], ?::text[], ?::interval[], ?::text[], ?::text[], ?::boolean[], ?::boolean[],
                            ?::numeric[], ?::bigint[], ?::bigint[], ?::text[], ?::jsonb[], ?::jsonb[], ?::text[], ?::jsonb[])
                    as e (id, run_id, status, delay, waits_for, awaits, resume, failed, progress, current, total, message, output, error, reason, log)
                where o.id = e.id and o.run_id = e.run_id
                returning o.id, e.run_id, o.queue, o.attempt, o.log_lines, e.log),
            logged as (
                insert into operation_log (operation_id, line, at, attempt, level, message)
                select said.id, said.log_lines - jsonb_array_length(said.log) + l.number, (l.line ->> 0)::timestamptz, said.attempt, l.line ->> 1, l.line ->> 2
                from (select id, attempt, log_lines, log from reported union all select id, attempt, log_lines, log from ended) as said
                cross join lateral jsonb_array_elements(said.log) with ordinality as l (line, number)
                where said.log_lines - jsonb_array_length(said.log) + l.number <= ?),
            next as materialized (
                select ready.id
                from unnest(?::text[], ?::int[], ?::boolean[]) as want (queue, slots, counted)
                left join queue q on q.name = want.queue
                cross join lateral (
                    select id from operation
                    where queue = want.queue and status = 'pending' and not parked
                    order by priority desc, run_at, id
                    limit case when q.max_running is null then want.slots
                               when not want.counted then 0
                               else least(want.slots, greatest(0, q.max_running
                                   - (select count(*) from operation running where running.status = 'running' and running.queue = want.queue)
                                   + (select count(*) from ended where ended.queue = want.queue))) end
                    for update skip locked) as ready
                where exists (select from worker where id = ? and status = 'alive') and queue_is_open(want.queue)),
            claimed as (
                update operation o set
                    status = 'running', run_id = gen_random_uuid(), worker_id = ?,
                    attempt = o.attempt + (not o.resume)::int, resume = false, error = null, reason = null,
                    started_at = coalesce(o.started_at, now()), attempt_started_at = case when o.resume then o.attempt_started_at else now() end,
                    version = o.version + 1, history_seq = o.history_seq + 1, updated_at = now(),
                    changed_by = ?, changed_via = 'engine'
                from next where o.id = next.id
                returning o.run_id, o)
            select kind, run_id, cancel, now() as read_at, (o).*
            from (select 'claimed' as kind, run_id, false as cancel, o from claimed
                  union all select 'reported', run_id, cancel, null from reported
                  union all select 'ended', run_id, false, null from ended) as told (kind, run_id, cancel, o)
            """;

    // In the order of names: two nodes that want the same queues do not wait for each other.
    private static final String HOLD = """
            select name from queue where name = any(?::text[]) and max_running is not null order by name for update
            """;

    /// @param worker     who speaks
    /// @param workerName for the history
    /// @param wanted     how many operations to claim at most, by queue
    /// @param logLines   how many lines of its log an operation keeps
    /// @param limited    those queues among them that may have a limit on all nodes together; one that has and is not named gives nothing
    public Carried carry(UUID worker, String workerName, Collection<Report> reports, Collection<End> ends, Map<String, Integer> wanted, Set<String> limited,
                         int logLines) {
        var reported = reports.stream().sorted(Comparator.comparing(report -> report.id().value())).toList();
        var ended = ends.stream().sorted(Comparator.comparing(end -> end.id().value())).map(end -> EndRow.of(end, json)).toList();
        return jdbc.execute((Connection connection) -> limited.isEmpty()
                ? carry(connection, worker, workerName, reported, ended, wanted, Set.of(), logLines)
                : holding(connection, limited, held -> carry(connection, worker, workerName, reported, ended, wanted, held, logLines)));
    }

    private interface WhileHeld {
        Carried carry(Set<String> held) throws SQLException;
    }

    /// The rows of the queues are locked first, in a statement of their own: the next one then sees what those before have claimed.
    private static Carried holding(Connection connection, Set<String> limited, WhileHeld work) throws SQLException {
        connection.setAutoCommit(false);
        try (var hold = connection.prepareStatement(HOLD)) {
            hold.setArray(1, connection.createArrayOf("text", limited.toArray()));
            var held = new HashSet<String>();
            try (var row = hold.executeQuery()) {
                while (row.next()) {
                    held.add(row.getString(1));
                }
            }
            var carried = work.carry(held);
            connection.commit();
            return carried;
        } catch (SQLException | RuntimeException failed) {
            connection.rollback();
            throw failed;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private Carried carry(Connection connection, UUID worker, String workerName, List<Report> reported, List<EndRow> ended,
                          Map<String, Integer> wanted, Set<String> held, int logLines) throws SQLException {
        try (var statement = connection.prepareStatement(CARRY)) {
            var in = new Parameters(statement);
            bindReports(in, reported);
            bindSteps(in, reported);
            in.text(workerName);
            bindEnds(in, ended);
            in.integer(logLines);
            var queues = List.copyOf(wanted.keySet());
            in.array("text", queues, queue -> queue);
            in.array("int4", queues, wanted::get);
            in.array("bool", queues, held::contains);
            in.uuid(worker);
            in.uuid(worker);
            in.text(workerName);
            return read(statement);
        }
    }

    private void bindReports(Parameters in, List<Report> reports) throws SQLException {
        in.array("uuid", reports, report -> report.id().value());
        in.array("uuid", reports, Report::runId);
        in.array("numeric", reports, report -> report.progress().percent());
        in.array("int8", reports, report -> report.progress().current());
        in.array("int8", reports, report -> report.progress().total());
        in.array("text", reports, report -> report.progress().message());
        in.array("bool", reports, Report::sample);
        in.array("bool", reports, Report::checkpoint);
        in.array("jsonb", reports, report -> lines(report.log()));
    }

    private void bindSteps(Parameters in, List<Report> reports) throws SQLException {
        record Row(UUID runId, Step step) {}
        var steps = reports.stream().flatMap(report -> report.steps().stream().map(step -> new Row(report.runId(), step))).toList();
        in.array("uuid", steps, Row::runId);
        in.array("text", steps, row -> row.step().name());
        in.array("jsonb", steps, row -> row.step().result() == null ? null : json.writeValueAsString(row.step().result()));
    }

    private void bindEnds(Parameters in, List<EndRow> ends) throws SQLException {
        in.array("uuid", ends, row -> row.end().id().value());
        in.array("uuid", ends, row -> row.end().runId());
        in.array("text", ends, EndRow::status);
        in.array("interval", ends, row -> row.delay() == null ? null : row.delay().toString());
        in.array("text", ends, EndRow::waitsFor);
        in.array("text", ends, EndRow::awaits);
        in.array("bool", ends, EndRow::resume);
        in.array("bool", ends, EndRow::failed);
        in.array("numeric", ends, row -> row.progress().percent());
        in.array("int8", ends, row -> row.progress().current());
        in.array("int8", ends, row -> row.progress().total());
        in.array("text", ends, row -> row.progress().message());
        in.array("jsonb", ends, EndRow::output);
        in.array("jsonb", ends, EndRow::error);
        in.array("text", ends, EndRow::reason);
        in.array("jsonb", ends, row -> lines(row.end().log()));
    }

    /// Null: none.
    private @Nullable String lines(List<LogLine> log) {
        return log.isEmpty() ? null
                : json.writeValueAsString(log.stream().map(line -> List.of(line.at().toString(), line.level().word(), line.message())).toList());
    }

    private Carried read(PreparedStatement statement) throws SQLException {
        var claims = new ArrayList<Claim>();
        var accepted = new HashSet<UUID>();
        var cancelRequested = new HashSet<UUID>();
        try (var row = statement.executeQuery()) {
            while (row.next()) {
                var runId = row.getObject("run_id", UUID.class);
                if (row.getString("kind").equals("claimed")) {
                    claims.add(new Claim(rows.mapRow(row, 0), runId));
                } else {
                    accepted.add(runId);
                    if (row.getBoolean("cancel")) {
                        cancelRequested.add(runId);
                    }
                }
            }
        }
        return new Carried(claims, accepted, cancelRequested);
    }
}
