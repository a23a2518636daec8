package dev.longhaul.store;

import dev.longhaul.operation.LogLine;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Outcome;
import dev.longhaul.operation.Progress;
import java.sql.Connection;
import java.sql.SQLException;
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

/// The workers' side of their runs. One statement, [#carry], writes all that happened since the last one and claims what is next:
/// a commit less per batch was worth more than any index (27-31,000 operations/s against 22,000 in two statements).
@Repository
public class RunStore {

    private final JdbcTemplate jdbc;
    private final CarryStatement statement;

    RunStore(EngineConnection connection, OperationRows rows, JsonMapper json) {
        this.jdbc = new JdbcTemplate(connection.dataSource());
        this.statement = new CarryStatement(rows, json);
    }

    /// Who runs operations, and how the history calls it.
    ///
    /// @param via `engine` for a node, `remote` for a worker outside
    public record Worker(UUID id, String name, String via) {}

    /// Where operations wait to be claimed.
    ///
    /// @param lane  who may claim there: `""` nodes, the name of a type its remote workers
    public record Place(String lane, String queue) {}

    /// What a worker has to tell, and how many operations it would take, by place.
    public record Turn(Worker worker, Collection<Report> reports, Collection<End> ends, Map<Place, Integer> wanted) {}

    /// One run, as its worker holds it.
    public record Claim(Operation operation, UUID runId, UUID worker) {}

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
    /// @param paused          the runs among them that should stop at their next checkpoint
    public record Carried(List<Claim> claims, Set<UUID> accepted, Set<UUID> cancelRequested, Set<UUID> paused) {}

    // In the order of names: two nodes that want the same queues do not wait for each other.
    private static final String HOLD = """
            select name from queue where name = any(?::text[]) and max_running is not null order by name for update
            """;

    /// @param turns   of workers, each of them once, and each run in one of them
    /// @param limited those of the wanted queues that may have a limit on all workers together; one that has and is not named gives nothing.
    ///                Of each of them, one place at most is wanted
    /// @param types    what may be claimed in the lane of the nodes; null: anything
    /// @param logLines how many lines of its log an operation keeps
    public Carried carry(List<Turn> turns, Set<String> limited, @Nullable Set<String> types, int logLines) {
        return jdbc.execute((Connection connection) -> limited.isEmpty()
                ? statement.execute(connection, turns, Set.of(), types, logLines)
                : holding(connection, limited, held -> statement.execute(connection, turns, held, types, logLines)));
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
}
