package dev.longhaul.store;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Many operations changed alike, in one statement: what [OperationStore] does to one.
@Repository
public class BulkStore {

    private final JdbcClient jdbc;

    BulkStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    private static final String CANCEL_ALL = """
            with asked as (
                select id from operation
                where id = any(:ids::uuid[]) and status in ('pending', 'waiting', 'running') and cancel_requested_at is null
                order by id for update)
            update operation o set
                status = case when o.status = 'running' then o.status else 'cancelled' end,
                finished_at = case when o.status = 'running' then null else now() end,
                parked = false, paused = o.paused and o.status = 'running', waits_for = null, awaits = null,
                cancel_requested_at = now(),
                version = o.version + 1, history_seq = o.history_seq + 1, updated_at = now(),
                changed_by = :by, changed_via = :via, reason = :reason
            from asked where o.id = asked.id
            """;

    /// @return how many were cancelled, or asked to stop; the others are over, or were asked before
    public int cancel(Collection<OperationId> ids, @Nullable String reason, Caller caller) {
        return change(CANCEL_ALL, ids, reason, caller);
    }

    private static final String RUN_ALL_AGAIN = """
            with ended as (
                select id from operation where id = any(:ids::uuid[]) and status in ('failed', 'cancelled') and lane is not null order by id for update)
            update operation o set
                status = 'pending', parked = false, run_at = now(), finished_at = null, cancel_requested_at = null,
                failures = 0, losses = 0, resume = false, start_by = null, deadline = case when o.deadline > now() then o.deadline end,
                version = o.version + 1, history_seq = o.history_seq + 1, updated_at = now(),
                changed_by = :by, changed_via = :via, reason = :reason
            from ended where o.id = ended.id
            """;

    /// @return how many get their next attempt; the others are not over, or are completed, or tracked ones
    public int runAgain(Collection<OperationId> ids, @Nullable String reason, Caller caller) {
        return change(RUN_ALL_AGAIN, ids, reason, caller);
    }

    private int change(String statement, Collection<OperationId> ids, @Nullable String reason, Caller caller) {
        return jdbc.sql(statement).param("ids", ids.stream().map(OperationId::toString).toArray(String[]::new))
                .param("by", caller.name()).param("via", caller.via()).param("reason", reason).update();
    }
}
