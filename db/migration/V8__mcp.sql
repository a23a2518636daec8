-- Safe online: yes. New tables; no old service reads or writes them.
-- What the tools' door keeps besides operations: almost nothing. Sessions of the handshake revisions are in their signed ids; these rows are what clients
-- said later, and what has to find its way from the node that a client met to the node that waits for its word.

create table mcp_secret (
    one boolean primary key default true,              -- there is one
    key bytea   not null,                              -- made by the first node that needs it
    constraint there_is_one check (one),
    constraint key_is_long  check (length(key) >= 32)
);
comment on table mcp_secret is 'The key that signs sessions and states of tool calls, unless longhaul.mcp.secret is set. Deleting the row ends all sessions when the nodes restart.';

create table mcp_session (
    id            uuid        primary key,             -- as in the signed id
    created_at    timestamptz not null default now(),
    log_level     text,
    subscriptions text[]      not null default '{}',
    ended_at      timestamptz,                         -- by the client
    constraint log_level_known check (log_level in ('debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency')),
    constraint subscriptions_are_few check (cardinality(subscriptions) <= 200)
);
comment on table mcp_session is 'What a client of a handshake revision said after its handshake. Most sessions have no row.';

create table mcp_answer (
    id     text        primary key,                    -- of the request that a node sent to its client
    answer jsonb,                                      -- null: the client could not
    at     timestamptz not null default now()
);
comment on table mcp_answer is 'Answers of clients on their way to the node that asked, which takes them out at once.';

do $$
begin
    if exists (select from pg_roles where rolname = 'longhaul_service') then
        grant select, insert on mcp_secret to longhaul_service;
        grant select, insert, update, delete on mcp_session to longhaul_service;
        grant select, insert, delete on mcp_answer to longhaul_service;
    end if;
end
$$;
