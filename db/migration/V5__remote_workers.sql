-- Safe online: no. An index of operation is built, which holds up writes to it for so long; an old service may stay: it claims from its own lane only.
-- Workers in any language, over HTTP (package remote), and operations that somebody else runs and only reports.
--
-- The types that remote workers registered are rows, so that they are known to every node and survive its restarts. An operation of such a
-- type is inserted into the lane of its type, which no node claims from; see operation.lane.

create table remote_type (
    type          text        primary key,
    description   text        not null default '',
    input_schema  jsonb       not null,                  -- JSON Schema 2020-12
    retry_policy  jsonb,                                 -- as operation.retry_policy; null: that of the settings
    version       integer     not null default 1,        -- grows by one with every change
    registered_at timestamptz not null default now(),
    registered_by text        not null default session_user,
    changed_at    timestamptz not null default now(),
    changed_by    text        not null default session_user,
    constraint type_is_a_name  check (type ~ '^[a-z][a-z0-9_]{0,63}$'),
    constraint schema_is_object check (jsonb_typeof(input_schema) = 'object')
);
comment on table remote_type is 'The types of operations that remote workers run, with what their input must look like. The newest registration holds.';

alter table worker
    add kind   text   not null default 'node',            -- node, remote; tracker: the one row that stands for all who run their operations themselves
    add lease  interval,                                  -- of a remote worker, as it asked for it
    add types  text[],                                    -- what it claims
    add queues text[],                                    -- from where; null: every queue
    add constraint kind_known check (kind in ('node', 'remote', 'tracker')),
    add constraint remote_is_whole check (kind <> 'remote' or (lease is not null and types is not null));
comment on column worker.types is 'The types that a remote worker claims; a node claims what its own tasks run.';

-- A running operation names its worker. Of tracked ones this is it, and it is never lost.
insert into worker (id, name, kind, lease_until) values ('00000000-0000-0000-0000-000000000001', 'tracker', 'tracker', 'infinity');

-- Limits of runs that no node's clock watches over. No column of it changes with progress, so reports stay heap-only updates.
create index operation_watched on operation (id)
    where status = 'running' and lane is distinct from '' and (timeout is not null or heartbeat_timeout is not null or deadline is not null);

-- Who may claim operations of a type.
create function lane_of(type text) returns text language sql stable as $$
    select coalesce((select r.type from remote_type r where r.type = lane_of.type), '')
$$;

-- The service's own statements say the lane; an INSERT typed by hand says only the type.
create function operation_laned() returns trigger language plpgsql as $$
begin
    new.lane := lane_of(new.type);
    return new;
end
$$;
create trigger operation_laned before insert on operation
    for each row when (new.lane = '' and new.changed_via = 'sql') execute function operation_laned();

-- The clients of tools are told that there are others: all nodes hear it.
create function remote_type_changed() returns trigger language plpgsql as $$
begin
    perform pg_notify('type_changed', '');
    return null;
end
$$;
create trigger remote_type_changed after insert or update or delete on remote_type for each row execute function remote_type_changed();

create view audit.remote_type as
select type, description, input_schema, retry_policy, version, registered_at, registered_by, changed_at, changed_by
from remote_type;

create or replace view audit.worker as
select id, name, status, started_at, beat_at, lease_until, ended_at, kind, lease, types, queues
from worker;

do $$
begin
    if exists (select from pg_roles where rolname = 'longhaul_service') then
        grant select, insert, update, delete on remote_type to longhaul_service;
        grant update (lane) on operation to longhaul_service;
    end if;
    if exists (select from pg_roles where rolname = 'longhaul_reader') then
        grant select on audit.remote_type to longhaul_reader;
    end if;
end
$$;
