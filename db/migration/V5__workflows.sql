-- Safe online: no. It belongs to the first edition: there is no service before it.
-- Workflows: operations that wait for operations.
--
-- A workflow is an operation of type `workflow`. Its task stores the graph here and waits for its children.
-- R__07_workflow_graph.sql advances the graph.

create table workflow (
    id           uuid        primary key,                -- of its operation
    name         text,
    node_count   integer     not null,
    output       jsonb,                                  -- its output, with null at each placeholder
    placeholders jsonb,
    started_at   timestamptz not null default now(),
    constraint node_count_is_fit check (node_count between 1 and 1000)
);
comment on table workflow is 'The operations that are workflows. The row is locked while its graph advances.';

create table workflow_node (
    workflow_id          uuid        not null,
    name                 text        not null,
    position             integer     not null,           -- its dependencies have lower ones
    status               text        not null default 'waiting',
    -- success: all dependencies completed; failure: one failed; always
    run_when             text        not null default 'success',
    pending_dependencies integer     not null,           -- dependencies that have not finished
    failed_dependencies  integer     not null default 0, -- of the others: failed, or skipped after a failure
    -- its dependents know that it has finished; not while the workflow is paused
    propagated           boolean     not null default false,
    type                 text        not null,           -- these as in operation
    queue                text        not null default 'default',
    priority             smallint    not null default 0,
    max_attempts         integer     not null default 5,
    timeout              interval,
    input                jsonb       not null,           -- with null at each placeholder
    placeholders         jsonb,                          -- see workflow_fill(); null: none
    -- fan-out: one operation per element of this list or reference; null: one
    for_each             jsonb,
    max_parallel         integer     not null default 1000, -- unfinished operations of it at once
    weight               real        not null default 1, -- share in the progress of the workflow
    items                jsonb,                          -- the list, once it is known
    total                integer,                        -- its operations; null: not submitted yet
    submitted            integer     not null default 0, -- of these: submitted,
    finished             integer     not null default 0, -- finished,
    failed               integer     not null default 0, -- not completed,
    cancelled            integer     not null default 0, -- cancelled
    operation_id         uuid,                           -- of a node with one operation
    error                jsonb,                          -- why it failed without an operation
    finished_at          timestamptz,
    primary key (workflow_id, name),
    constraint status_known   check (status in ('waiting', 'running', 'completed', 'failed', 'cancelled', 'skipped',
                                                'not_triggered')),
    constraint run_when_known check (run_when in ('success', 'failure', 'always')),
    constraint timeout_is_fit check (timeout > interval '0' and timeout <= interval '100 years'),
    constraint counts_are_fit check (pending_dependencies >= 0 and failed_dependencies >= 0
                                     and finished between 0 and coalesce(total, 0) and failed between 0 and finished
                                     and cancelled between 0 and failed and submitted between finished
                                         and coalesce(total, 0))
) with (fillfactor = 60);
comment on table workflow_node is 'The nodes of workflows: what each runs, and how it ended.';
comment on column workflow_node.status is
    'waiting; running; completed, failed, cancelled: as its operations ended; skipped: a dependency did not complete; '
    'not_triggered: it runs after a failure, and nothing failed';

create table workflow_dependency (
    workflow_id uuid not null,
    from_node   text not null,
    to_node     text not null,                           -- depends on from_node
    primary key (workflow_id, from_node, to_node)
);
comment on table workflow_dependency is 'Which node of a workflow depends on which.';
