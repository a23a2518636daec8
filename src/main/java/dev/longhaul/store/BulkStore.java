package dev.longhaul.store;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Labels;
import dev.longhaul.operation.OperationId;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Changes many operations in one statement, as [OperationStore] changes one.
@Repository
public class BulkStore {

    private final JdbcClient jdbc;

    BulkStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    private static final String CANCEL_ALL = """
            with asked as (
                select id from operation
                where id = any(:ids::uuid[]) and status in ('pending', 'waiting', 'running')
                    and cancel_requested_at is null
                order by id for update)
            update operation o set
                status = case when o.status = 'running' then o.status else 'cancelled' end,
                finished_at = case when o.status = 'running' then null else now() end,
                delayed = false, paused = o.paused and o.status = 'running', waits_for = null, awaited_ids = null,
                cancel_requested_at = now(),
                version = o.version + 1, history_seq = o.history_seq + 1, updated_at = now(),
                changed_by = :by, source = :via, reason = :reason
            from asked where o.id = asked.id and o.status in ('pending', 'waiting', 'running')
            """;

    /// @return number of operations that were cancelled or asked to stop; the others have finished, or were asked
    ///     before
    public int cancel(Collection<OperationId> ids, @Nullable String reason, Caller caller) {
        return change(CANCEL_ALL, ids, reason, caller);
    }

    private static final String RUN_ALL_AGAIN = """
            with ended as (
                select id from operation where id = any(:ids::uuid[]) and status in ('failed', 'cancelled')
                    and claim_group is not null order by id for update)
            update operation o set
                status = 'pending', delayed = false, run_at = now(), finished_at = null, cancel_requested_at = null,
                failures = 0, worker_losses = 0, continues_attempt = false, start_by = null, deadline = case
                    when o.deadline > now() then o.deadline end,
                version = o.version + 1, history_seq = o.history_seq + 1, updated_at = now(),
                changed_by = :by, source = :via, reason = :reason
            from ended where o.id = ended.id and o.status in ('failed', 'cancelled')
            """;

    /// @return number of operations that get their next attempt; the others have not finished, are completed, or are
    ///     tracked
    public int runAgain(Collection<OperationId> ids, @Nullable String reason, Caller caller) {
        return change(RUN_ALL_AGAIN, ids, reason, caller);
    }

    private static final String PAUSE_ALL = """
            with asked as (
                select id from operation where id = any(:ids::uuid[]) and status in ('pending', 'waiting', 'running')
                    and not paused order by id for update)
            update operation o set
                paused = true, delayed = o.status <> 'running',
                version = o.version + 1, history_seq = o.history_seq + 1, updated_at = now(),
                changed_by = :by, source = :via, reason = :reason
            from asked where o.id = asked.id and o.status in ('pending', 'waiting', 'running')
            """;

    /// @return number of operations that are paused, or will pause at their next checkpoint; the others have finished,
    ///     or were paused before
    public int pause(Collection<OperationId> ids, @Nullable String reason, Caller caller) {
        return change(PAUSE_ALL, ids, reason, caller);
    }

    private static final String RESUME_ALL = """
            with resting as (select id from operation where id = any(:ids::uuid[])
                and status in ('pending', 'waiting', 'running') and paused
                order by id for update)
            update operation o set
                paused = false, delayed = o.status = 'waiting' or o.status = 'pending' and o.run_at > now(),
                version = o.version + 1, history_seq = o.history_seq + 1, updated_at = now(),
                changed_by = :by, source = :via, reason = :reason
            from resting where o.id = resting.id and o.status in ('pending', 'waiting', 'running')
            """;

    /// @return number of operations that were resumed; the others were not paused
    public int resume(Collection<OperationId> ids, @Nullable String reason, Caller caller) {
        return change(RESUME_ALL, ids, reason, caller);
    }

    private static final String RERUN_ALL = OperationStore.DO_OVER + """
            where id = any(:ids::uuid[]) and finished_at is not null and claim_group is not null
            order by id
            """;

    /// @return number of new operations; the other ids name unfinished operations, or tracked ones, which no worker
    ///     could run
    public int rerun(Collection<OperationId> ids, @Nullable String reason, Caller caller) {
        return change(RERUN_ALL, ids, reason, caller);
    }

    private static final String TAG_ALL = """
            with asked as (select id, tags from operation where id = any(:ids::uuid[]) order by id for update),
            tagged as (
                select id, tags as before,
                       array(select tag from unnest(tags || :add::text[]) with ordinality as one (tag, place)
                             where tag <> all (:remove::text[]) group by tag order by min(place)) as tags
                from asked)
            update operation o set
                tags = tagged.tags,
                version = o.version + 1, history_seq = o.history_seq + 1, updated_at = now(),
                changed_by = :by, source = :via, reason = :reason
            from tagged where o.id = tagged.id and tagged.tags <> tagged.before and cardinality(tagged.tags) <= :most
            """;

    /// @return number of operations whose tags changed; the others had these tags before, or would have too many
    public int tag(Collection<OperationId> ids, List<String> add, List<String> remove, @Nullable String reason,
            Caller caller) {
        return statement(TAG_ALL, ids, reason, caller).param("add", add.toArray(String[]::new))
                .param("remove", remove.toArray(String[]::new))
                .param("most", Labels.MAX_TAGS).update();
    }

    private int change(String statement, Collection<OperationId> ids, @Nullable String reason, Caller caller) {
        return statement(statement, ids, reason, caller).update();
    }

    private JdbcClient.StatementSpec statement(String statement, Collection<OperationId> ids, @Nullable String reason,
            Caller caller) {
        return jdbc.sql(statement).param("ids", ids.stream().map(OperationId::toString).toArray(String[]::new))
                .param("by", caller.name()).param("via", caller.source()).param("reason", reason);
    }
}
