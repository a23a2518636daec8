-- Safe online: yes. Columns without a default; a service before this one does not look at them, and its own worker goes on claiming.
-- A worker that drains claims nothing more; what it runs goes on to its end.
alter table worker
    add draining_since timestamptz,
    add drained_by     text,
    add drain_reason   text;
comment on column worker.draining_since is 'Since when it is to claim nothing more; null: it claims.';
comment on column worker.drained_by is 'Who wanted that.';
comment on column worker.drain_reason is 'Why.';

-- All nodes hear it at once: the one that drains, and whichever serves a remote worker. A beat of the lease does not name the column.
create function worker_drained() returns trigger language plpgsql as $$
begin
    perform pg_notify('worker_drained', new.id || case when new.draining_since is null then ' resume' else ' drain' end);
    return null;
end
$$;
create trigger worker_drained after update of draining_since on worker
    for each row when (new.draining_since is distinct from old.draining_since) execute function worker_drained();

create or replace view audit.worker as
select id, name, status, started_at, beat_at, lease_until, ended_at, kind, lease, types, queues, draining_since, drained_by, drain_reason
from worker;
