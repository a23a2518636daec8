-- Safe online: no. It belongs to the first edition: there is no service before it.
-- Webhooks, and their deliveries. A delivery is made by an operation.

create table webhook (
    id                    uuid        primary key default gen_random_uuid(),
    namespace             text        not null default 'default',
    url                   text        not null,
    events                text[]      not null,          -- e.g. {operation.failed,operation.completed}
    filter                text        not null default '', -- which operations, as in lists
    description           text        not null default '',
    secret                text        not null,          -- whsec_ and 32 bytes in Base64; signs each delivery
    previous_secret       text,                          -- signs too, for a while after a rotation
    previous_secret_until timestamptz,
    disabled              boolean     not null default false,
    reason                text,                          -- why it is disabled
    deleted_at            timestamptz,                   -- its deliveries and then the row are deleted in batches
    created_at            timestamptz not null default now(),
    created_by            text        not null default session_user,
    changed_at            timestamptz not null default now(),
    changed_by            text        not null default session_user,
    constraint url_is_http       check (url ~ '^https?://' and length(url) <= 2000),
    constraint events_are_texts  check (cardinality(events) > 0 and array_ndims(events) = 1
                                        and array_position(events, null) is null),
    constraint previous_is_whole check ((previous_secret is null) = (previous_secret_until is null)),
    constraint until_is_fit      check (previous_secret_until between '1970-01-01Z' and '9999-12-31Z')
);
comment on table webhook is 'Receivers of events over HTTP, and the secrets that sign them.';

create table webhook_delivery (
    id                    uuid        primary key default gen_random_uuid(), -- the webhook-id header of each attempt
    webhook_id            uuid        not null references webhook on delete cascade,
    event                 text        not null,          -- e.g. operation.failed
    operation_id          uuid,                          -- the event's operation,
    operation_seq         integer,                       -- and the entry of its history
    payload               text        not null,          -- the body, as signed
    delivery_operation_id uuid        not null,          -- the newest operation that delivers it
    created_at            timestamptz not null default now()
);
create unique index webhook_delivery_once on webhook_delivery (webhook_id, operation_id, operation_seq);
create index webhook_delivery_newest on webhook_delivery (webhook_id, created_at desc, id);
comment on table webhook_delivery is
    'One row per event and webhook. Its attempts are in webhook_attempt and in the history of its delivery operation.';

create table webhook_attempt (
    delivery_id           uuid        not null references webhook_delivery on delete cascade,
    at                    timestamptz not null default clock_timestamp(),
    delivery_operation_id uuid        not null,
    status                integer,                       -- HTTP; null: no answer
    duration_ms           integer     not null,
    error                 text                           -- why it counts as failed
);
create index webhook_attempt_delivery on webhook_attempt (delivery_id, at);
comment on table webhook_attempt is 'Each request of a delivery, and its answer.';

-- One row: the place in the change feed (order of txid, operation, seq) up to which deliveries are planned.
-- A node locks the row while it plans the next ones.
create table webhook_cursor (
    one          boolean primary key default true check (one),
    txid         bigint  not null,
    operation_id uuid    not null,
    seq          integer not null
);
insert into webhook_cursor (txid, operation_id, seq) values (0, '00000000-0000-0000-0000-000000000000', 0);
comment on table webhook_cursor is 'The place in the change feed up to which webhook deliveries are planned.';
