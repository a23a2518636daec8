-- Which operations have a history that does not chain?
--
-- No rows is the answer that Longhaul promises (promise 4). A row names an operation, the entry (seq) and what is
-- wrong with it: somebody with a superuser's rights wrote behind the triggers, or a backup was put back in part.
-- Every operation that is kept is checked, in one snapshot, so it may be asked while the service works.
with entry as (
    select h.*, row_number() over chain as place, lead(seq) over chain is null as newest,
           lag(to_status) over chain as status_before, lag(attempt) over chain as attempt_before,
               lag(version) over chain as version_before
    from audit.operation_history h
    window chain as (partition by operation_id order by seq))
select e.operation_id, e.seq, problem
from entry e
left join audit.operation o on o.id = e.operation_id
left join audit.operation_transition t on t.from_status = e.from_status and t.to_status = e.to_status
cross join unnest(array[
    case when e.seq <> e.place
         then format('entry %s has number %s', e.place, e.seq) end,
    case when (e.place = 1) <> (e.event = 'submitted') or (e.place = 1 and e.to_status <> 'pending')
         then format('entry %s is %s to %s: a history begins, once, with a submission as pending', e.place, e.event,
             e.to_status) end,
    case when e.from_status is distinct from e.status_before
         then format('goes on from %s, and the entry before ended in %s', coalesce(e.from_status, 'nothing'),
             coalesce(e.status_before, 'nothing')) end,
    case when e.from_status <> e.to_status and t.from_status is null
         then format('went from %s to %s, which is no move there is', e.from_status, e.to_status) end,
    case when e.attempt < e.attempt_before
         then format('attempt fell from %s to %s', e.attempt_before, e.attempt) end,
    case when e.version <= e.version_before
         then format('version went from %s to %s', e.version_before, e.version) end,
    case when e.newest and o.id is null
         then 'has a history and no operation' end,
    case when e.newest and o.status <> e.to_status
         then format('is %s, and its history ends in %s', o.status, e.to_status) end,
    case when e.newest and o.history_seq <> e.seq
         then format('counts %s entries, and its history ends with number %s', o.history_seq, e.seq) end,
    case when e.newest and o.attempt <> e.attempt
         then format('is at attempt %s, and its history ends at %s', o.attempt, e.attempt) end,
    case when e.newest and o.version < e.version
         then format('has version %s, and its history ends with %s', o.version, e.version) end]) as problem
where problem is not null
union all
select o.id, null, 'has no history'
from audit.operation o
where not exists (select from audit.operation_history h where h.operation_id = o.id)
order by 1, 2, 3;
