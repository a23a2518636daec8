-- What did a dead node hold, and who took it over?
--
-- One row per operation that a worker held when it was lost: since when, when it was taken back and by whom, what
-- became of it then (pending: to be run again; failed: it lost too many workers; cancelled: that had been asked for),
-- and which worker ran it next, from when. Still held: taken_back is empty; the lease is over and no living node has
-- looked yet. No next worker: nobody has claimed it yet.
-- Of one node: psql -v node=host:8081 -f db/audit/lost-workers.sql. A node's worker_id is new with every start.
\if :{?node}
\else
\set node ''
\endif

with lost as (
    select operation_id, seq, worker_id, at as taken_back, changed_by as taken_back_by, to_status as became
    from audit.operation_history
    where from_status = 'running' and reason = 'worker lease expired'
    union all
    select o.id, o.history_seq, o.worker_id, null, null, null
    from audit.operation o join audit.worker w on w.id = o.worker_id
    where o.status = 'running' and (w.status <> 'alive' or w.lease_until < now()))
select w.name as node, lost.worker_id, w.started_at, w.heartbeat_at as last_heartbeat, o.id, o.type,
    held.since as held_since,
       lost.taken_back, lost.taken_back_by, lost.became, next.at as retried_at,
           coalesce(heir.name, next.changed_by) as retried_by
from lost
join audit.operation o on o.id = lost.operation_id
left join audit.worker w on w.id = lost.worker_id
left join lateral (
    select h.at as since from audit.operation_history h
    where h.operation_id = lost.operation_id and h.seq < lost.seq + (lost.taken_back is null)::int
      and h.event = 'status' and h.from_status <> 'running' and h.to_status = 'running'
    order by h.seq desc limit 1) as held on true
left join lateral (
    select h.at, h.worker_id, h.changed_by from audit.operation_history h
    where h.operation_id = lost.operation_id and h.seq > lost.seq and h.to_status = 'running'
    order by h.seq limit 1) as next on lost.taken_back is not null
left join audit.worker heir on heir.id = next.worker_id
where :'node' = '' or w.name = :'node'
order by lost.taken_back desc nulls first, o.id;
