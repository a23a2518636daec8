package dev.longhaul.store;

import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Progress;
import dev.longhaul.store.RunStore.Report;
import dev.longhaul.store.RunStore.Step;
import dev.longhaul.store.RunStore.WriteResult;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Writes reports of current runs: their latest progress and finished steps.
record ReportStatements(JsonMapper json) {

    private static final String REPORT = """
            update operation o set
                progress = coalesce(r.progress, o.progress),
                progress_current = case when r.progress is null then o.progress_current else r.current end,
                progress_total = case when r.progress is null then o.progress_total else r.total end,
                message = case when r.progress is null then o.message else r.message end,
                worker_losses = case when r.checkpoint then 0 else o.worker_losses end, log_lines = o.log_lines
                    + r.lines,
                version = o.version + 1, history_seq = o.history_seq + r.sample::int, updated_at = now(), reason = null
            from unnest(?::uuid[], ?::uuid[], ?::numeric[], ?::bigint[], ?::bigint[], ?::text[], ?::boolean[],
                ?::boolean[], ?::int[])
                as r (id, run_id, progress, current, total, message, sample, checkpoint, lines)
            where o.id = r.id and o.run_id = r.run_id and o.status = 'running'
            returning o.run_id, o.attempt, o.log_lines, o.cancel_requested_at is not null as cancel, o.paused,
                o.worker_id
            """;

    private static final String STEPS = """
            insert into operation_step (operation_id, name, result, attempt)
            select * from unnest(?::uuid[], ?::text[], ?::jsonb[], ?::int[])
            on conflict do nothing
            """;

    /// Locks rows in the order of ids.
    ///
    /// @return log lines to write
    List<LogStatement.Said> execute(Connection connection, List<Report> unordered, WriteResult result)
            throws SQLException {
        var reports = unordered.stream()
                .sorted(Comparator.comparing(Report::id, Comparator.comparing(OperationId::value))).toList();
        var attempts = new HashMap<UUID, Integer>();
        var logs = new ArrayList<LogStatement.Said>();
        var byRun = LogStatement.byRun(reports, Report::runId);
        try (var statement = connection.prepareStatement(REPORT)) {
            bind(new StatementParameters(statement), reports);
            try (var row = statement.executeQuery()) {
                while (row.next()) {
                    var report = byRun.get(row.getObject(1, UUID.class));
                    attempts.put(report.runId(), row.getInt(2));
                    logs.add(new LogStatement.Said(report.id(), row.getInt(2), row.getInt(3), report.log()));
                    result.accepted().add(report.runId());
                    result.heard().add(row.getObject(6, UUID.class));
                    if (row.getBoolean(4)) {
                        result.cancelRequested().add(report.runId());
                    }
                    if (row.getBoolean(5)) {
                        result.paused().add(report.runId());
                    }
                }
            }
        }
        keep(connection, reports, attempts);
        return logs;
    }

    private static void bind(StatementParameters in, List<Report> reports) throws SQLException {
        in.array("uuid", reports, report -> report.id().value());
        in.array("uuid", reports, Report::runId);
        in.array("numeric", reports, report -> part(report.progress(), Progress::percent));
        in.array("int8", reports, report -> part(report.progress(), Progress::current));
        in.array("int8", reports, report -> part(report.progress(), Progress::total));
        in.array("text", reports, report -> part(report.progress(), Progress::message));
        in.array("bool", reports, Report::sample);
        in.array("bool", reports, Report::checkpoint);
        in.array("int4", reports, report -> report.log().size());
    }

    /// @param progress null: unchanged
    static <T> @Nullable T part(@Nullable Progress progress, Function<Progress, @Nullable T> part) {
        return progress == null ? null : part.apply(progress);
    }

    /// Writes steps only for runs that are still their operations' runs.
    private void keep(Connection connection, List<Report> reports, Map<UUID, Integer> attempts) throws SQLException {
        record Row(Report report, Step step) {}
        var steps = reports.stream().filter(report -> attempts.containsKey(report.runId()))
                .flatMap(report -> report.steps().stream().map(step -> new Row(report, step))).toList();
        if (steps.isEmpty()) {
            return;
        }
        try (var statement = connection.prepareStatement(STEPS)) {
            var in = new StatementParameters(statement);
            in.array("uuid", steps, row -> row.report().id().value());
            in.array("text", steps, row -> row.step().name());
            in.array("jsonb", steps, row -> row.step().result() == null
                    ? null : json.writeValueAsString(row.step().result()));
            in.array("int4", steps, row -> attempts.get(row.report().runId()));
            statement.executeUpdate();
        }
    }
}
