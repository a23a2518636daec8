-- Safe online: yes. New tables; no old service reads or writes them.
-- Webhooks (package webhook): who wants to be told of what, what was sent, and how it was answered. A delivery is an operation of its own.

create table webhook (
    id                uuid        primary key default gen_random_uuid(),
    url               text        not null,
    events            text[]      not null,                  -- e.g. {operation.failed,operation.completed}
    filter            text        not null default '',       -- which operations, as in lists
    description       text        not null default '',
    secret            text        not null,                  -- whsec_ and 32 bytes in Base64; signs every delivery
    former_secret     text,                                  -- signs beside it for a while after a rotation
    former_until      timestamptz,
    disabled          boolean     not null default false,
    reason            text,                                  -- why it is disabled, where there is something to say
    created_at        timestamptz not null default now(),
    created_by        text        not null default session_user,
    changed_at        timestamptz not null default now(),
    changed_by        text        not null default session_user,
    constraint url_is_http    check (url ~ '^https?://' and length(url) <= 2000),
    constraint some_events    check (cardinality(events) > 0),
    constraint former_is_whole check ((former_secret is null) = (former_until is null))
);
comment on table webhook is 'Who wants to be told of what happens to operations, and with which secret it is signed.';

create table webhook_delivery (
    id           uuid        primary key default gen_random_uuid(), -- the webhook-id header: the same in every try and every redelivery
    webhook_id   uuid        not null references webhook on delete cascade,
    event        text        not null,                       -- e.g. operation.failed
    subject      uuid,                                       -- the operation that it tells of
    subject_seq  integer,                                    -- the row of its history
    payload      text        not null,                       -- exactly what is sent and signed
    carried_by   uuid        not null,                       -- the operation that delivers it, the newest
    created_at   timestamptz not null default now()
);
create unique index webhook_delivery_once on webhook_delivery (webhook_id, subject, subject_seq);
create index webhook_delivery_newest on webhook_delivery (webhook_id, created_at desc, id);
comment on table webhook_delivery is 'What was or is to be sent to a webhook: one row per event. How it went is in webhook_try, and in the history of the operation that carries it.';

create table webhook_try (
    delivery_id uuid        not null references webhook_delivery on delete cascade,
    at          timestamptz not null default clock_timestamp(),
    carried_by  uuid        not null,
    status      integer,                                     -- HTTP; null: no answer
    millis      integer     not null,
    problem     text                                         -- why it counts as failed
);
create index webhook_try_of on webhook_try (delivery_id, at);
comment on table webhook_try is 'Every request that was sent to a webhook, and how it was answered.';

-- Up to where the history has been told, in the order of transactions (see live.Feed). Whoever holds the row tells the next part; one row.
create table webhook_cursor (
    only_one     boolean primary key default true check (only_one),
    txid         bigint  not null,
    operation_id uuid    not null,
    seq          integer not null
);
insert into webhook_cursor (txid, operation_id, seq) values (0, '00000000-0000-0000-0000-000000000000', 0);
comment on table webhook_cursor is 'Up to which change of which operation webhooks have been told.';

-- What was sent long ago leaves with its tries, so many at a time; what is still on its way stays. The service may delete no delivery otherwise.
create function forget_deliveries(older interval, most integer) returns integer
    language plpgsql security definer set search_path = public, pg_temp as $$
declare
    forgotten integer;
begin
    if older < interval '1 day' then
        raise exception 'deliveries are kept for at least a day, not %', older using errcode = 'check_violation';
    end if;
    delete from webhook_delivery where id in (
        select d.id from webhook w cross join lateral (
            select x.id from webhook_delivery x
            where x.webhook_id = w.id and x.created_at < now() - older
              and not exists (select from operation o where o.id = x.carried_by and o.finished_at is null)
            order by x.created_at limit most for update skip locked) as d
        limit most);
    get diagnostics forgotten = row_count;
    return forgotten;
end
$$;
comment on function forget_deliveries is 'Deletes deliveries of webhooks that are older and over, with their tries; returns how many.';
revoke execute on function forget_deliveries(interval, integer) from public;

create view audit.webhook as
select id, url, events, filter, description, former_until, disabled, reason, created_at, created_by, changed_at, changed_by
from webhook;

create view audit.webhook_delivery as
select d.id, d.webhook_id, d.event, d.subject, d.subject_seq, d.carried_by, d.created_at, t.at as tried_at, t.status, t.millis, t.problem
from webhook_delivery d left join webhook_try t on t.delivery_id = d.id;

do $$
begin
    if exists (select from pg_roles where rolname = 'longhaul_service') then
        grant select, insert, update, delete on webhook to longhaul_service;
        grant select, insert, update (carried_by) on webhook_delivery to longhaul_service;
        grant select, insert on webhook_try to longhaul_service;
        grant select, update on webhook_cursor to longhaul_service;
        grant execute on function forget_deliveries(interval, integer) to longhaul_service;
    end if;
    if exists (select from pg_roles where rolname = 'longhaul_reader') then
        grant select on audit.webhook, audit.webhook_delivery to longhaul_reader;
    end if;
end
$$;
