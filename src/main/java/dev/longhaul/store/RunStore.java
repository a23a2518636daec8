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

/// The workers' side of their runs. One commit, [#carry], writes all that happened since the last one and claims what
/// is next: a commit less per batch was worth more than any index (27-31,000 operations/s against 22,000). Of its
/// statements only those are sent that have something to do; all of them as one took 0.8 ms of processor before it
/// looked at its first row, each alone takes 0.35.
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

    /// Who runs operations, and how the history calls it.
    ///
    /// @param via `engine` for a node, `remote` for a worker outside
    public record Worker(UUID id, String name, String via) {}

    /// Where operations wait to be claimed.
    ///
    /// @param claimGroup `""`: nodes claim there; a type: its remote workers
    public record QueueKey(String claimGroup, String queue) {}

    /// What a worker has to tell, and how many operations it would take, by place.
    public record ClaimRequest(Worker worker, Collection<Report> reports, Collection<End> ends,
            Map<QueueKey, Integer> wanted) {}

    /// One run, as its worker holds it.
    public record Claim(Operation operation, UUID runId, UUID worker) {

        /// True: this claim began an attempt; false: it continues one that waited or was released.
        public boolean isFresh() {
            return operation.updatedAt().equals(operation.attemptStartedAt());
        }
    }

    /// The newest progress of a run, and the steps it finished.
    ///
    /// @param sample     true: this report is also a row of the history
    /// @param checkpoint true: the run has got past a checkpoint, so the workers lost before it count no more
    public record Report(OperationId id, UUID runId, Progress progress, boolean sample, boolean checkpoint,
            List<Step> steps,
                         List<LogLine> log) {}

    public record Step(String name, @Nullable JsonNode result) {}

    /// How a run ended, with its last progress and what it logged: one change, one event.
    public record End(OperationId id, UUID runId, Outcome outcome, Progress progress, List<LogLine> log) {}

    /// What the database said.
    ///
    /// @param accepted        the runs whose report or end was taken; one that is missing has lost its lease
    /// @param cancelRequested the runs among them that should stop
    /// @param paused          the runs among them that should stop at their next checkpoint
    /// @param heard           the workers whose reports were taken
    public record WriteResult(List<Claim> claims, Set<UUID> accepted, Set<UUID> cancelRequested, Set<UUID> paused,
            Set<UUID> heard) {}

    // In the order of names: two nodes that want the same queues do not wait for each other.
    private static final String HOLD = """
            select name from queue where name = any(?::text[]) and max_running is not null order by name for update
            """;

    /// @param turns   of workers, each of them once, and each run in one of them
    /// @param limited those of the wanted queues that may have a limit on all workers together; one that has and is not
    ///                named gives nothing. Of each of them, one place at most is wanted
    /// @param types    what may be claimed in the claim group of nodes; null: anything
    /// @param logLines how many lines of its log an operation keeps
    public WriteResult carry(List<ClaimRequest> turns, Set<String> limited, @Nullable Set<String> types, int logLines) {
        return MovedRows.repeat(() -> jdbc.execute((Connection connection) -> {
            // and so commits by itself, which spares an idle node's first claim a round trip
            if (isOneStatement(turns, limited)) {
                return carry(connection, turns, limited, types, logLines);
            }
            connection.setAutoCommit(false);
            try {
                var carried = carry(connection, turns, limited, types, logLines);
                connection.commit();
                connection.setAutoCommit(true);
                return carried;
            } catch (SQLException | RuntimeException failed) {
                rollback(connection, failed);
                throw failed;
            }
        }));
    }

    /// A broken connection fails here, too; that must not hide why.
    private static void rollback(Connection connection, Exception failed) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException broken) {
            failed.addSuppressed(broken);
        }
    }

    private static boolean isOneStatement(List<ClaimRequest> turns, Set<String> limited) {
        return limited.isEmpty() && turns.stream().allMatch(turn -> turn.reports().isEmpty())
                && (turns.stream().allMatch(turn -> turn.wanted().isEmpty())
                && turns.stream().flatMap(turn -> turn.ends().stream()).allMatch(end -> end.log().isEmpty())
                    || turns.stream().allMatch(turn -> turn.ends().isEmpty()));
    }

    /// The rows of limited queues are locked first, in a statement of their own: the claims then see what others have
    /// claimed before. No row that reports or ends can be claimed in the same turn; a run that does both reports by its
    /// end.
    private WriteResult carry(Connection connection, List<ClaimRequest> turns, Set<String> limited,
            @Nullable Set<String> types, int logLines) throws SQLException {
        var carried = new WriteResult(new ArrayList<>(), new HashSet<>(), new HashSet<>(), new HashSet<>(),
                new HashSet<>());
        var held = limited.isEmpty() ? Set.<String>of() : hold(connection, limited);
        var reported = turns.stream().flatMap(turn -> turn.reports().stream()).toList();
        if (!reported.isEmpty()) {
            LogStatement.execute(connection, reports.execute(connection, reported, carried), logLines);
        }
        if (turns.stream().anyMatch(turn -> !turn.ends().isEmpty())) {
            LogStatement.execute(connection, ends.execute(connection, turns, carried), logLines);
        }
        if (turns.stream().anyMatch(turn -> !turn.wanted().isEmpty())) {
            claims.execute(connection, turns, held, types, carried);
        }
        return carried;
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
