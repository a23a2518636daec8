package dev.longhaul.store;

import dev.longhaul.operation.LogLine;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Outcome;
import dev.longhaul.operation.Progress;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
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

/// Writes and claims of runs. [#write] writes all updates since the last commit and claims the next operations, in one
/// commit. One commit less per batch gained more than any index (27-31,000 operations/s against 22,000). Only
/// statements with rows to write are sent. One combined statement took 0.8 ms of processor time before its first row;
/// each single statement takes 0.35 ms.
@Repository
public class RunStore {

    private final JdbcTemplate jdbc;
    private final ReportStatements reports;
    private final EndStatement ends;
    private final ClaimStatement claims;

    RunStore(EngineConnection connection, OperationMapper rows, JsonMapper json) {
        this.jdbc = new JdbcTemplate(connection.dataSource());
        this.reports = new ReportStatements(json);
        this.ends = new EndStatement(json);
        this.claims = new ClaimStatement(rows);
    }

    /// A worker, as the history names it.
    ///
    /// @param via `engine` for a node, `remote` for a remote worker
    public record Worker(UUID id, String name, String via) {}

    /// A claim group and a queue: claimable operations are ordered within it.
    ///
    /// @param claimGroup `""`: nodes claim from it; a type: its remote workers claim from it
    public record QueueKey(String claimGroup, String queue) {}

    /// A worker's reports and ends, and the number of operations that it can claim, by queue key.
    public record ClaimRequest(Worker worker, Collection<Report> reports, Collection<End> ends,
            Map<QueueKey, Integer> wanted) {}

    public record Claim(Operation operation, UUID runId, UUID worker) {

        /// True: this claim began an attempt; false: it continues one that waited or was released.
        public boolean isFresh() {
            return operation.updatedAt().equals(operation.attemptStartedAt());
        }
    }

    /// The latest progress of a run, and the steps that it finished.
    ///
    /// @param progress   null: the report changes none
    /// @param sample     true: the report is also written to the history
    /// @param checkpoint true: the run passed a checkpoint, which resets the count of lost workers
    public record Report(OperationId id, UUID runId, @Nullable Progress progress, boolean sample, boolean checkpoint,
            List<Step> steps, List<LogLine> log) {}

    public record Step(String name, @Nullable JsonNode result) {}

    /// The end of a run, with its last progress and its log lines: one change, one event.
    ///
    /// @param progress null: the last one that was written
    public record End(OperationId id, UUID runId, Outcome outcome, @Nullable Progress progress, List<LogLine> log) {}

    /// @param accepted        runs whose report or end was written; a missing run has lost its lease
    /// @param cancelRequested accepted runs that should stop
    /// @param paused          accepted runs that should stop at their next checkpoint
    /// @param heard           workers whose reports were written
    public record WriteResult(List<Claim> claims, Set<UUID> accepted, Set<UUID> cancelRequested, Set<UUID> paused,
            Set<UUID> heard) {}

    // In the order of names, so that two nodes that want the same queues do not deadlock.
    private static final String HOLD = """
            select name from queue where name = any(?::text[]) and max_running is not null order by name for update
            """;

    /// @param requests requests of workers; each worker has at most one, and each run is in at most one
    /// @param limited  wanted queues that may have a limit on all workers together. Nothing is claimed from a queue
    ///     with a limit that is not in this set. Each of these queues is wanted in at most one queue key.
    /// @param types    types that may be claimed in the claim group of nodes; null: all
    /// @param logLines number of log lines that an operation keeps
    public WriteResult write(List<ClaimRequest> requests, Set<String> limited, @Nullable Set<String> types,
            int logLines) {
        return MovedRows.repeat(() -> jdbc.execute((Connection connection) -> {
            // Auto-commit spares an idle node's first claim a round trip.
            if (isOneStatement(requests, limited)) {
                return write(connection, requests, limited, types, logLines);
            }
            connection.setAutoCommit(false);
            try {
                var result = write(connection, requests, limited, types, logLines);
                connection.commit();
                connection.setAutoCommit(true);
                return result;
            } catch (SQLException | RuntimeException failed) {
                rollback(connection, failed);
                throw failed;
            }
        }));
    }

    /// A broken connection also fails here; that failure must not hide the cause.
    private static void rollback(Connection connection, Exception failed) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException broken) {
            failed.addSuppressed(broken);
        }
    }

    private static boolean isOneStatement(List<ClaimRequest> requests, Set<String> limited) {
        return limited.isEmpty() && requests.stream().allMatch(request -> request.reports().isEmpty())
                && (requests.stream().allMatch(request -> request.wanted().isEmpty())
                && requests.stream().flatMap(request -> request.ends().stream()).allMatch(end -> end.log().isEmpty())
                    || requests.stream().allMatch(request -> request.ends().isEmpty()));
    }

    /// Locks the rows of limited queues in a separate first statement, so that the claims see earlier claims of other
    /// nodes. A row with a report or an end cannot be claimed in the same call. An end contains its run's last report.
    private WriteResult write(Connection connection, List<ClaimRequest> requests, Set<String> limited,
            @Nullable Set<String> types, int logLines) throws SQLException {
        var result = new WriteResult(new ArrayList<>(), new HashSet<>(), new HashSet<>(), new HashSet<>(),
                new HashSet<>());
        var held = limited.isEmpty() ? Set.<String>of() : hold(connection, limited);
        var reported = requests.stream().flatMap(request -> request.reports().stream()).toList();
        if (!reported.isEmpty()) {
            LogStatement.execute(connection, reports.execute(connection, reported, result), logLines);
        }
        if (requests.stream().anyMatch(request -> !request.ends().isEmpty())) {
            LogStatement.execute(connection, ends.execute(connection, requests, result), logLines);
        }
        if (requests.stream().anyMatch(request -> !request.wanted().isEmpty())) {
            claims.execute(connection, requests, held, types, result);
        }
        return result;
    }

    private static Set<String> hold(Connection connection, Set<String> queues) throws SQLException {
        try (var hold = connection.prepareStatement(HOLD)) {
            hold.setArray(1, connection.createArrayOf("text", queues.toArray()));
            var held = new HashSet<String>();
            try (var row = hold.executeQuery()) {
                while (row.next()) {
                    held.add(row.getString(1));
                }
            }
            return held;
        }
    }
}
