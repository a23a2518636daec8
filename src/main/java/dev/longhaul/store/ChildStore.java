package dev.longhaul.store;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Submission;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Child operations, and operations that wait for children or for an answer.
@Repository
public class ChildStore {

    private final JdbcClient jdbc;
    private final OperationMapper rows;
    private final OperationStore operations;
    private final BulkInsert bulkInsert;

    ChildStore(JdbcClient jdbc, OperationMapper rows, OperationStore operations, BulkInsert bulkInsert) {
        this.jdbc = jdbc;
        this.rows = rows;
        this.operations = operations;
        this.bulkInsert = bulkInsert;
    }

    /// @param weight share in the progress of the parent
    public OperationId submit(OperationId parent, Submission child, double weight, Caller caller) {
        if (child.dependsOnActiveOperations()) {
            throw new IllegalArgumentException(
                    "a child waits in line for its concurrency key: if_active must be queue");
        }
        return operations.insert(child, parent, weight, caller).id();
    }

    /// Submits all or none, each with the same share in the progress of the parent.
    public List<OperationId> submitAll(OperationId parent, List<Submission> children, Caller caller) {
        return bulkInsert.submit(children, parent, caller);
    }

    private static final String FIND_ALL = """
            select *, now() as read_at from operation where id = any(:ids::uuid[]) and parent_id = :parent
                order by array_position(:ids::uuid[], id)
            """;

    /// Finds the children of `parent` among `ids`, in the order of `ids`.
    public List<Operation> find(OperationId parent, Collection<OperationId> ids) {
        return jdbc.sql(FIND_ALL).param("ids", texts(ids)).param("parent", parent.value()).query(rows).list();
    }

    private static final String CHILDREN =
            "select *, now() as read_at from operation where parent_id = :parent order by id";

    public List<Operation> children(OperationId parent) {
        return jdbc.sql(CHILDREN).param("parent", parent.value()).query(rows).list();
    }

    // A workflow that is being paused may have pending workflow nodes but no unfinished operation.
    private static final String HAS_UNFINISHED = """
            select exists (select from operation where parent_id = :parent
                and status in ('pending', 'waiting', 'running'))
                or exists (select from workflow_node where workflow_id = :parent and status in ('waiting', 'running'))
            """;

    /// True if a child has not finished, or has not been submitted yet.
    public boolean hasUnfinished(OperationId parent) {
        return jdbc.sql(HAS_UNFINISHED).param("parent", parent.value()).query(Boolean.class).single();
    }

    // `id = any(…)` with 200 ids took 12 ms to plan, over all partitions.
    private static final String CONTINUE = """
            with ready as (
                select o.id from unnest(:ids::uuid[]) as asked (id) join operation o using (id)
                where status = 'waiting'
                  and case waits_for
                      when 'operations' then not exists (
                          select from operation c
                          where c.parent_id = o.id and c.status in ('pending', 'waiting', 'running')
                              and (o.awaited_ids is null or c.id = any(o.awaited_ids)))
                      when 'answer' then not exists (select from input_request q where q.operation_id = o.id
                          and q.answered_at is null)
                      else false end
                order by o.id for update of o)
            update operation o set
                status = 'pending', delayed = paused, run_at = now(), waits_for = null, awaited_ids = null, reason
                    = null,
                version = o.version + 1, history_seq = o.history_seq + 1, updated_at = now(), changed_by = :by,
                    source = 'engine'
            from ready where o.id = ready.id and o.status = 'waiting'
            """;

    /// Continues the operations whose awaited children have finished, or whose input requests are answered.
    public int goOn(Collection<OperationId> ids, String by) {
        return jdbc.sql(CONTINUE).param("ids", texts(ids)).param("by", by).update();
    }

    private static final String AWAITING = "select id from operation where status = 'waiting' and waits_for in ('answer', 'operations')";

    /// All operations that wait for an answer or for their children.
    public List<OperationId> awaiting() {
        return jdbc.sql(AWAITING).query(UUID.class).list().stream().map(OperationId::new).toList();
    }

    // Workflow nodes that are not submitted yet count by their weight. Nodes that will never be submitted count as
    // finished.
    private static final String ROLL_UP = """
            with child as (
                select parent_id, count(*) as total, count(*) filter (where finished_at is not null) as over,
                    sum(weight) as weight,
                       sum(weight * case when finished_at is not null then 100 else progress end) as progress
                from operation
                where parent_id = any(:parents::uuid[])
                  and id > (select min(parent::text)::uuid from unnest(:parents::uuid[]) as parent)
                group by parent_id),
            to_come as (
                select workflow_id, sum(coalesce(total - submitted, 1)) as total,
                    sum(weight * coalesce((total - submitted)::real / nullif(total, 0), 1)) as weight,
                       count(*) filter (where status in ('skipped', 'not_triggered', 'failed')
                           and total is null) as over,
                       sum(weight) filter (where status in ('skipped', 'not_triggered', 'failed')
                           and total is null) * 100 as progress
                from workflow_node where workflow_id = any(:parents::uuid[]) and (total is null or total > submitted)
                group by workflow_id),
            sum as (
                select c.parent_id, c.total + coalesce(t.total, 0) as total, c.over + coalesce(t.over, 0) as over,
                       round(((c.progress + coalesce(t.progress, 0)) / nullif(c.weight + coalesce(t.weight, 0),
                           0))::numeric, 2) as progress
                from child c left join to_come t on t.workflow_id = c.parent_id),
            parent as (
                select o.id, sum.* from operation o join sum on sum.parent_id = o.id
                where o.status = 'waiting' and o.waits_for = 'operations' and o.progress < sum.progress
                order by o.id for update of o skip locked)
            update operation o set
                progress = parent.progress, progress_current = parent.over, progress_total = parent.total,
                message = format('%s of %s operations have finished', parent.over, parent.total),
                version = o.version + 1, updated_at = now()
            from parent where o.id = parent.id and o.status = 'waiting'
            """;

    /// Sets the progress of waiting parents to the weighted progress of their children. The progress never decreases.
    public void rollUp(Collection<OperationId> parents) {
        jdbc.sql(ROLL_UP).param("parents", texts(parents)).update();
    }

    private static String[] texts(Collection<OperationId> ids) {
        return ids.stream().map(OperationId::toString).toArray(String[]::new);
    }
}
