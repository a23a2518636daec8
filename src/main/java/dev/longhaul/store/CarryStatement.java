package dev.longhaul.store;

import dev.longhaul.operation.LogLine;
import dev.longhaul.operation.OperationId;
import dev.longhaul.store.RunStore.Carried;
import dev.longhaul.store.RunStore.Claim;
import dev.longhaul.store.RunStore.End;
import dev.longhaul.store.RunStore.Place;
import dev.longhaul.store.RunStore.Report;
import dev.longhaul.store.RunStore.Step;
import dev.longhaul.store.RunStore.Turn;
import dev.longhaul.store.RunStore.Worker;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// The statement behind [RunStore#carry].
record CarryStatement(OperationRows rows, JsonMapper json) {

    // No row of `ended` or `reported` is in `next`: those are running, these are pending. A run that ends and reports in the
    // same turn reports by its end. `materialized`: else the planner may run the limited select once per row.
    // From a queue with a limit only those may claim who hold its row (`counted`), so that two nodes do not both take the last place; what ends
    // in this very turn is still counted as running by it, and is taken off.
    // Several workers may want of one place: it is asked once for all of them, and `seat` says whose each row is, by its number there.
    private static final String CARRY = """
            with reported as (
                update operation o set
                    progress = r.progress, progress_current = r.current, progress_total = r.total, message = r.message,
                    losses = case when r.checkpoint then 0 else o.losses end, log_lines = o.log_lines + coalesce(jsonb_array_length(r.log), 0),
                    version = o.version + 1, history_seq = o.history_seq + r.sample::int, updated_at = now(), reason = null
                from unnest(?::uuid[], ?::uuid[], ?::numeric[], ?::bigint[], ?::bigint[], ?::text[], ?::boolean[], ?::boolean[], ?::jsonb[])
                    as r (id, run_id, progress, current, total, message, sample, checkpoint, log)
                where o.id = r.id and o.run_id = r.run_id
                returning o.id, o.run_id, o.attempt, o.cancel_requested_at is not null as cancel, o.paused, o.log_lines, r.log),
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
                    changed_by = e.by, changed_via = e.via
                from unnest(?::uuid[], ?::uuid[], ?::text[], ?::interval[], ?::text[], ?::text[], ?::boolean[], ?::boolean[],
                            ?::numeric[], ?::bigint[], ?::bigint[], ?::text[], ?::jsonb[], ?::jsonb[], ?::text[], ?::jsonb[], ?::text[], ?::text[])
                    as e (id, run_id, status, delay, waits_for, awaits, resume, failed, progress, current, total, message, output, error, reason, log, by, via)
                where o.id = e.id and o.run_id = e.run_id
                returning o.id, e.run_id, o.queue, o.attempt, o.log_lines, e.log),
            logged as (
                insert into operation_log (operation_id, line, at, attempt, level, message)
                select said.id, said.log_lines - jsonb_array_length(said.log) + l.number, (l.line ->> 0)::timestamptz, said.attempt, l.line ->> 1, l.line ->> 2
                from (select id, attempt, log_lines, log from reported union all select id, attempt, log_lines, log from ended) as said
                cross join lateral jsonb_array_elements(said.log) with ordinality as l (line, number)
                where said.log_lines - jsonb_array_length(said.log) + l.number <= ?),
            next as materialized (
                select ready.id, seat.worker, seat.name, seat.via
                from unnest(?::text[], ?::text[], ?::int[], ?::boolean[]) with ordinality as want (lane, queue, slots, counted, place)
                left join queue q on q.name = want.queue
                cross join lateral (
                    select id, row_number() over () as number
                    from (select id from operation
                          where lane = want.lane and queue = want.queue and status = 'pending' and not parked
                            and (want.lane <> '' or ?::text[] is null or type = any(?::text[]))
                          order by priority desc, run_at, id
                          limit case when q.max_running is null then want.slots
                                     when not want.counted then 0
                                     else least(want.slots, greatest(0, q.max_running
                                         - (select count(*) from operation running where running.status = 'running' and running.queue = want.queue)
                                         + (select count(*) from ended where ended.queue = want.queue))) end
                          for update skip locked) as first) as ready
                join unnest(?::int[], ?::int[], ?::int[], ?::uuid[], ?::text[], ?::text[]) as seat (place, first, last, worker, name, via)
                    on seat.place = want.place and ready.number between seat.first and seat.last
                where exists (select from worker where id = seat.worker and status = 'alive') and queue_is_open(want.queue)),
            claimed as (
                update operation o set
                    status = 'running', run_id = gen_random_uuid(), worker_id = next.worker,
                    attempt = o.attempt + (not o.resume)::int, resume = false, error = null, reason = null,
                    started_at = coalesce(o.started_at, now()), attempt_started_at = case when o.resume then o.attempt_started_at else now() end,
                    version = o.version + 1, history_seq = o.history_seq + 1, updated_at = now(),
                    changed_by = next.name, changed_via = next.via
                from next where o.id = next.id
                returning o.run_id, o)
            select kind, told.run_id, cancel, told.paused as pause, now() as read_at, (o).*
            from (select 'claimed' as kind, run_id, false as cancel, false as paused, o from claimed
                  union all select 'reported', run_id, cancel, paused, null from reported
                  union all select 'ended', run_id, false, false, null from ended) as told (kind, run_id, cancel, paused, o)
            """;

    private static final Comparator<OperationId> ORDER = Comparator.comparing(OperationId::value);

    /// Rows are locked in the order of ids.
    Carried execute(Connection connection, List<Turn> turns, Set<String> held, @Nullable Set<String> types, int logLines) throws SQLException {
        var reports = turns.stream().flatMap(turn -> turn.reports().stream()).sorted(Comparator.comparing(Report::id, ORDER)).toList();
        var ends = turns.stream().flatMap(turn -> turn.ends().stream().map(end -> new Ended(end, EndRow.of(end, json), turn.worker())))
                .sorted(Comparator.comparing(ended -> ended.end.id(), ORDER)).toList();
        try (var statement = connection.prepareStatement(CARRY)) {
            var in = new Parameters(statement);
            bindReports(in, reports);
            bindSteps(in, reports);
            bindEnds(in, ends);
            in.integer(logLines);
            bindWants(in, turns, held, types);
            return read(statement);
        }
    }

    private record Ended(End end, EndRow row, Worker by) {}

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

    private void bindEnds(Parameters in, List<Ended> ends) throws SQLException {
        in.array("uuid", ends, ended -> ended.end.id().value());
        in.array("uuid", ends, ended -> ended.end.runId());
        bindRows(in, ends.stream().map(Ended::row).toList());
        in.array("jsonb", ends, ended -> lines(ended.end.log()));
        in.array("text", ends, ended -> ended.by.name());
        in.array("text", ends, ended -> ended.by.via());
    }

    private static void bindRows(Parameters in, List<EndRow> rows) throws SQLException {
        in.array("text", rows, EndRow::status);
        in.array("interval", rows, row -> row.delay() == null ? null : row.delay().toString());
        in.array("text", rows, EndRow::waitsFor);
        in.array("text", rows, EndRow::awaits);
        in.array("bool", rows, EndRow::resume);
        in.array("bool", rows, EndRow::failed);
        in.array("numeric", rows, row -> row.progress().percent());
        in.array("int8", rows, row -> row.progress().current());
        in.array("int8", rows, row -> row.progress().total());
        in.array("text", rows, row -> row.progress().message());
        in.array("jsonb", rows, EndRow::output);
        in.array("jsonb", rows, EndRow::error);
        in.array("text", rows, EndRow::reason);
    }

    /// Null: none.
    private @Nullable String lines(List<LogLine> log) {
        return log.isEmpty() ? null
                : json.writeValueAsString(log.stream().map(line -> List.of(line.at().toString(), line.level().word(), line.message())).toList());
    }

    /// @param first and `last`: whose the rows of these numbers are
    private record Seat(int place, int first, int last, Worker worker) {}

    private static void bindWants(Parameters in, List<Turn> turns, Set<String> held, @Nullable Set<String> types) throws SQLException {
        var slots = new LinkedHashMap<Place, Integer>();
        turns.forEach(turn -> turn.wanted().keySet().forEach(place -> slots.put(place, 0)));
        var places = List.copyOf(slots.keySet());
        var seats = new ArrayList<Seat>();
        for (var turn : turns) {
            turn.wanted().forEach((place, wanted) -> {
                var before = slots.get(place);
                seats.add(new Seat(places.indexOf(place) + 1, before + 1, before + wanted, turn.worker()));
                slots.put(place, before + wanted);
            });
        }
        in.array("text", places, Place::lane);
        in.array("text", places, Place::queue);
        in.array("int4", places, slots::get);
        in.array("bool", places, place -> held.contains(place.queue()));
        in.texts(types);
        in.texts(types);
        in.array("int4", seats, Seat::place);
        in.array("int4", seats, Seat::first);
        in.array("int4", seats, Seat::last);
        in.array("uuid", seats, seat -> seat.worker.id());
        in.array("text", seats, seat -> seat.worker.name());
        in.array("text", seats, seat -> seat.worker.via());
    }

    private Carried read(PreparedStatement statement) throws SQLException {
        var carried = new Carried(new ArrayList<>(), new HashSet<>(), new HashSet<>(), new HashSet<>());
        try (var row = statement.executeQuery()) {
            while (row.next()) {
                var runId = row.getObject("run_id", UUID.class);
                if (row.getString("kind").equals("claimed")) {
                    carried.claims().add(new Claim(rows.mapRow(row, 0), runId, row.getObject("worker_id", UUID.class)));
                    continue;
                }
                carried.accepted().add(runId);
                if (row.getBoolean("cancel")) {
                    carried.cancelRequested().add(runId);
                }
                if (row.getBoolean("pause")) {
                    carried.paused().add(runId);
                }
            }
        }
        return carried;
    }
}
