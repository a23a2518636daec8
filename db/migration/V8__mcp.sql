-- Safe online: no. It belongs to the first edition: there is no service before it.
-- What MCP keeps beside operations. Sessions are in their signed ids; these rows are what clients sent later.

create table mcp_secret (
    one boolean primary key default true check (one),
    key bytea   not null,                              -- made by the first node that needs it
    constraint key_is_long check (length(key) >= 32)
);
comment on table mcp_secret is
    'Signs sessions and states of tool calls, unless longhaul.mcp.secret is set. Without the row all sessions end.';

create table mcp_session (
    id            uuid        primary key,             -- as in the signed id
    namespace     text        not null default 'default',
    created_at    timestamptz not null default now(),
    log_level     text,
    subscriptions text[]      not null default '{}',
    ended_at      timestamptz,                         -- by the client
    constraint log_level_known check (log_level in ('debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert',
                                                    'emergency')),
    constraint subscriptions_are_few check (cardinality(subscriptions) <= 200),
    constraint subscriptions_are_texts check (coalesce(array_ndims(subscriptions), 1) = 1
                                              and array_position(subscriptions, null) is null)
);
comment on table mcp_session is 'What a client of a handshake revision sent after it. Most sessions have no row.';

create table mcp_answer (
    id     text        primary key,                    -- of the request that a node sent to its client
    answer jsonb,                                      -- null: the client could not answer
    at     timestamptz not null default now()
);
comment on table mcp_answer is 'Answers of clients on their way to the node that asked, which deletes them.';
