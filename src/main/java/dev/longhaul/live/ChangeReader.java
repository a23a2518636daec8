package dev.longhaul.live;

import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Progress;
import dev.longhaul.operation.Status;
import dev.longhaul.store.OperationMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Reads the changes of operations above a version: state changes from the history, then the row itself if it is newer.
/// One statement has one snapshot, so no change is missed in between.
@Component
class ChangeReader {

    private final JdbcClient jdbc;
    private final OperationMapper rows;

    ChangeReader(JdbcClient jdbc, OperationMapper rows) {
        this.jdbc = jdbc;
        this.rows = rows;
    }

    private static final String READ = """
            select o.*, now() as read_at, h.seq as edge_seq, h.version as edge_version, h.at as edge_at,
                h.event as edge_event,
                   h.from_status as edge_from, h.to_status as edge_to, h.attempt as edge_attempt,
                       h.changed_by as edge_by,
                   h.source as edge_via, h.reason as edge_reason, h.progress as edge_progress, h.message as edge_message
            from unnest(:ids::uuid[], :versions::bigint[]) as seen (id, version)
            join operation o on o.id = seen.id
            left join operation_history h on h.operation_id = o.id and h.version > seen.version
                and h.event <> 'progress'
            where o.version > seen.version
            order by o.id, h.seq
            """;

    /// @param seen the newest known version, by operation
    /// @return the changes above it, oldest first; no entry for an operation without changes
    Map<OperationId, List<Change>> read(Map<OperationId, Long> seen) {
        var ids = seen.keySet().stream().map(OperationId::toString).toArray(String[]::new);
        var versions = seen.values().toArray(Long[]::new);
        var changes = new HashMap<OperationId, List<Change>>();
        jdbc.sql(READ).param("ids", ids).param("versions", versions).query(row -> {
            var now = rows.mapRow(row, 0);
            var known = changes.computeIfAbsent(now.id(),
                    _ -> new ArrayList<>(List.of(new Change(now, null, now.isOver()))));
            if (row.getObject("edge_seq") != null) {
                known.add(known.size() - 1, edge(row, now, false));
            }
        });
        changes.values().forEach(ChangeReader::mergeLast);
        return changes;
    }

    private static final String NEWEST = "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1";

    /// The end of the feed.
    FeedCursor newest() {
        return new FeedCursor(jdbc.sql(NEWEST).query(Long.class).single(), FeedCursor.LAST, Integer.MAX_VALUE);
    }

    // A row is told once every transaction that could commit before it in this order has ended: those below the
    // snapshot's xmin have.
    private static final String READ_AFTER = """
            select o.*, now() as read_at, h.seq as edge_seq, h.version as edge_version, h.at as edge_at,
                h.event as edge_event,
                   h.from_status as edge_from, h.to_status as edge_to, h.attempt as edge_attempt,
                       h.changed_by as edge_by,
                   h.source as edge_via, h.reason as edge_reason, h.progress as edge_progress,
                       h.message as edge_message, h.txid,
                   case when o.finished_at is not null and h.to_status in ('completed', 'failed', 'cancelled')
                        then h.seq = o.history_seq
                             or not exists (select from operation_history later
                                            where later.operation_id = h.operation_id and later.seq > h.seq
                                                and later.event <> 'progress')
                        else false end as is_last
            from history_after(:txid, :id, :seq, :limit) as h
            join operation o on o.id = h.operation_id
            order by h.txid, h.operation_id, h.seq
            """;

    /// The next state changes of all operations, in the feed's order.
    List<ChangeFeed.Entry> readAfter(FeedCursor cursor, int limit) {
        return jdbc.sql(READ_AFTER).param("txid", cursor.txid()).param("id", cursor.operation())
                .param("seq", cursor.seq()).param("limit", limit)
                .query((row, _) -> {
                    var change = edge(row, rows.mapRow(row, 0), row.getBoolean("is_last"));
                    return new ChangeFeed.Entry(new FeedCursor(row.getLong("txid"), change.operation().id().value(),
                            row.getInt("edge_seq")), change);
                }).list();
    }

    private static final String RUNNING = """
            select *, now() as read_at from operation where id = any(:ids::uuid[])
                and (status = 'running' or status = 'waiting' and waits_for = 'operations')
            """;

    /// Those of the operations that run or wait for their children.
    List<Operation> running(Collection<OperationId> ids) {
        return jdbc.sql(RUNNING).param("ids", ids.stream().map(OperationId::toString).toArray(String[]::new))
                .query(rows).list();
    }

    private static final String MOVED = """
            select *, now() as read_at from operation
            where (status = 'running' or waits_for in ('answer', 'operations') and status = 'waiting')
                and updated_at > now() - :window::interval
            """;

    /// Running operations, and those that wait for their children, that changed within this time.
    List<Operation> moved(Duration window) {
        return jdbc.sql(MOVED).param("window", window.toString()).query(rows).list();
    }

    private static final String KNOWS = """
            select case when :txid > pg_snapshot_xmax(pg_current_snapshot())::text::bigint then false
                        when :id = :last then not exists (select from operation_history)
                            or exists (select from operation_history where txid <= :txid)
                        else exists (select from operation_history where operation_id = :id and seq = :seq
                            and txid = :txid) end
            """;

    /// Whether all changes after this cursor are still stored.
    boolean knows(FeedCursor cursor) {
        return jdbc.sql(KNOWS).param("txid", cursor.txid()).param("id", cursor.operation())
                .param("last", FeedCursor.LAST).param("seq", cursor.seq())
                .query(Boolean.class).single();
    }

    private static final String IS_UP_TO_DATE = """
            select not exists (select from operation_history where operation_id = :operation and event <> 'progress'
                and (txid, operation_id, seq) > (:txid, :id, :seq))
            """;

    /// Whether no state change of this operation follows the cursor.
    boolean isUpToDate(FeedCursor cursor, OperationId operation) {
        return jdbc.sql(IS_UP_TO_DATE).param("operation", operation.value()).param("txid", cursor.txid())
                .param("id", cursor.operation()).param("seq", cursor.seq())
                .query(Boolean.class).single();
    }

    private static Change edge(ResultSet row, Operation now, boolean isLast) throws SQLException {
        var from = row.getString("edge_from");
        var to = Status.parse(row.getString("edge_to"));
        var at = row.getObject("edge_at", OffsetDateTime.class).toInstant();
        var edge = new Change.StateChange(row.getInt("edge_seq"), row.getString("edge_event"), from == null
                ? null : Status.parse(from), to, at,
                row.getString("edge_by"), row.getString("edge_via"), row.getString("edge_reason"));
        var version = row.getLong("edge_version");
        return new Change(isLast || version == now.version() ? now : then(now, row, version, to, at), edge, isLast);
    }

    /// The operation after the state change, from the history entry and the unchanging columns.
    private static Operation then(Operation now, ResultSet row, long version, Status status, Instant at)
            throws SQLException {
        var progress = new Progress(row.getDouble("edge_progress"), null, null, row.getString("edge_message"));
        var attempt = row.getInt("edge_attempt");
        var over = status.isFinal();
        return new Operation(now.id(), now.type(), now.queue(), now.priority(), status, false, false, null, now.runAt(),
                attempt,
                now.failures(), now.limits(), now.concurrency(), now.labels(), now.traceParent(), progress, version,
                now.parentId(), now.rerunOf(), null, now.createdAt(), notAfter(now.startedAt(), at), null,
                at, over ? at : null, now.input(), null, null, at);
    }

    private static @Nullable Instant notAfter(@Nullable Instant started, Instant at) {
        return started == null || started.isAfter(at) ? null : started;
    }

    /// The row is a change of its own only if it is newer than its last state change, and the operation goes on.
    private static void mergeLast(List<Change> changes) {
        if (changes.size() == 1) {
            return;
        }
        var now = changes.getLast();
        var edge = changes.get(changes.size() - 2);
        if (now.isLast() || now.version() == edge.version()) {
            changes.subList(changes.size() - 2, changes.size()).clear();
            changes.add(new Change(now.operation(), edge.stateChange(), now.isLast()));
        }
    }
}
