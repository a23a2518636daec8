package dev.longhaul.store;

import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Progress;
import dev.longhaul.store.RunStore.ClaimRequest;
import dev.longhaul.store.RunStore.End;
import dev.longhaul.store.RunStore.Worker;
import dev.longhaul.store.RunStore.WriteResult;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

/// Writes the ends of runs.
record EndStatement(JsonMapper json) {

    // A remote worker may report an end without its name: the history names the worker that holds the run.
    private static final String END = """
            update operation o set
                status = case when o.cancel_requested_at is not null and e.status in ('pending', 'waiting')
                    then 'cancelled' else e.status end,
                finished_at = case when e.status in ('completed', 'failed', 'cancelled')
                    or o.cancel_requested_at is not null then now() end,
                delayed = (e.delay is not null or e.waits_for is not null or o.paused and e.status = 'pending')
                    and o.cancel_requested_at is null,
                paused = o.paused and e.status in ('pending', 'waiting') and o.cancel_requested_at is null,
                run_at = case when e.delay is not null then now() + e.delay when e.waits_for is not null
                    then 'infinity' else now() end,
                waits_for = case when o.cancel_requested_at is null then e.waits_for end,
                awaited_ids = case when o.cancel_requested_at is null then e.awaited_ids::uuid[] end,
                run_id = null, worker_id = null,
                continues_attempt = e.continues_attempt, failures = o.failures + e.failed::int, worker_losses = 0,
                progress = case when e.status = 'completed' then 100 else coalesce(e.progress, o.progress) end,
                progress_current = case when e.progress is not null then e.current
                    when e.status = 'completed' then o.progress_total else o.progress_current end,
                progress_total = case when e.progress is not null then e.total else o.progress_total end,
                message = case when e.progress is not null then e.message else coalesce(e.message, o.message) end,
                output = e.output, error = e.error, log_lines = o.log_lines + e.lines,
                reason = case when o.cancel_requested_at is null or e.status not in ('pending', 'waiting')
                    then e.reason end,
                version = o.version + 1, history_seq = o.history_seq + 1, updated_at = now(),
                source = e.via,
                changed_by = case e.via when 'remote' then coalesce((select w.name from worker w where w.id
                    = o.worker_id and w.kind = 'remote'), e.by) else e.by end
            from unnest(?::uuid[], ?::uuid[], ?::text[], ?::interval[], ?::text[], ?::text[], ?::boolean[],
                ?::boolean[],
                        ?::numeric[], ?::bigint[], ?::bigint[], ?::text[], ?::jsonb[], ?::jsonb[], ?::text[],
                            ?::int[], ?::text[], ?::text[])
                as e (id, run_id, status, delay, waits_for, awaited_ids, continues_attempt, failed, progress,
                    current, total, message, output, error, reason, lines, by, via)
            where o.id = e.id and o.run_id = e.run_id and o.status = 'running'
            returning e.run_id, o.attempt, o.log_lines
            """;

    private record Ended(End end, EndRow row, Worker by) {

        UUID runId() {
            return end.runId();
        }
    }

    /// Locks rows in the order of ids.
    ///
    /// @return log lines to write
    List<LogStatement.Said> execute(Connection connection, List<ClaimRequest> requests, WriteResult result)
            throws SQLException {
        var ends = requests.stream()
                .flatMap(request -> request.ends().stream()
                        .map(end -> new Ended(end, EndRow.of(end, json), request.worker())))
                .sorted(Comparator.comparing(ended -> ended.end.id(), Comparator.comparing(OperationId::value)))
                        .toList();
        var logs = new ArrayList<LogStatement.Said>();
        var byRun = LogStatement.byRun(ends, Ended::runId);
        try (var statement = connection.prepareStatement(END)) {
            bind(new StatementParameters(statement), ends);
            try (var row = statement.executeQuery()) {
                while (row.next()) {
                    var end = byRun.get(row.getObject(1, UUID.class)).end;
                    logs.add(new LogStatement.Said(end.id(), row.getInt(2), row.getInt(3), end.log()));
                    result.accepted().add(end.runId());
                }
            }
        }
        return logs;
    }

    private static void bind(StatementParameters in, List<Ended> ends) throws SQLException {
        in.array("uuid", ends, ended -> ended.end.id().value());
        in.array("uuid", ends, Ended::runId);
        bindRows(in, ends.stream().map(Ended::row).toList());
        in.array("int4", ends, ended -> ended.end.log().size());
        in.array("text", ends, ended -> ended.by.name());
        in.array("text", ends, ended -> ended.by.via());
    }

    private static void bindRows(StatementParameters in, List<EndRow> rows) throws SQLException {
        in.array("text", rows, EndRow::status);
        in.array("interval", rows, row -> row.delay() == null ? null : row.delay().toString());
        in.array("text", rows, EndRow::waitsFor);
        in.array("text", rows, EndRow::awaits);
        in.array("bool", rows, EndRow::resume);
        in.array("bool", rows, EndRow::failed);
        in.array("numeric", rows, row -> ReportStatements.part(row.progress(), Progress::percent));
        in.array("int8", rows, row -> ReportStatements.part(row.progress(), Progress::current));
        in.array("int8", rows, row -> ReportStatements.part(row.progress(), Progress::total));
        in.array("text", rows, EndRow::message);
        in.array("jsonb", rows, EndRow::output);
        in.array("jsonb", rows, EndRow::error);
        in.array("text", rows, EndRow::reason);
    }
}
