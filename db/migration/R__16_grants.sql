-- Rights of the running service and of auditors. db/roles.sql makes the roles; without them the owner serves alone.
-- A new function or table of the migrations before gets its rights here.
select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- Functions with the owner's rights are not for all roles.
revoke execute on function
    create_partitions(text, integer), add_partition(date, date), prepare_partition(text, text),
    add_trigger(text, text, text, text),
    merge_counts(), history_after(bigint, uuid, integer, integer),
    workflow_advance(uuid[], text[], integer[], integer[], integer[]), workflow_resume(uuid[]), workflow_reopen(uuid[]),
    purge_workflows(integer), purge_scheduled_runs(interval), purge_deliveries(interval, integer),
    lock_tables(text[], text), plan_retirement(date, integer, interval, interval), purge_retained(interval, interval),
    retire_partition(date, interval, interval, integer),
    extend_chain(bigint), anchor_history(boolean), sign_anchor(integer, text, bytea), recomputed_anchor(integer),
        ${audit}.recomputed_anchor(integer),
    erase_data(uuid, text, text, text)
from public;

do $$
begin
    if exists (select from pg_roles where rolname = 'longhaul_service') then
        execute format('grant usage on schema %I to longhaul_service', current_schema());
        -- Id, type, input and time of a submission are not the service's to change.
        grant select, insert, update (run_at, updated_at, version, history_seq, attempt, max_attempts, failures,
            worker_losses, log_lines, answer_count,
                                      priority, delayed, paused, continues_attempt, awaits_slot, holds_slot,
                                          progress, status, queue, changed_by, source,
                                      tags, metadata, claim_group, run_id, worker_id, started_at, attempt_started_at,
                                          finished_at, cancel_requested_at,
                                      progress_current, progress_total, message, reason, output, error, waits_for,
                                          awaited_ids, concurrency_limit,
                                      rate_limit, rate_period, retry_policy, timeout, heartbeat_timeout, start_by,
                                          deadline, task_version, encryption_key_id)
            on operation to longhaul_service;
        grant select on operation_history, operation_transition, operation_partition, chain_digest to longhaul_service;
        grant select, insert on operation_step, operation_log to longhaul_service;
        grant select, insert, update (answer, answered_at, answered_by,
            answer_source) on input_request to longhaul_service;
        grant select on count_delta, operation_count, hourly_count to longhaul_service;
        grant select, insert, delete on idempotency_key to longhaul_service;
        grant select, delete on rate_limit_start to longhaul_service;
        grant select, insert, update on worker, queue to longhaul_service;
        grant select on queue_history to longhaul_service;
        grant select, insert, update, delete on remote_type to longhaul_service;
        grant select, insert, update on schedule to longhaul_service;
        grant select, insert on scheduled_run to longhaul_service;
        grant select on schedule_history to longhaul_service;
        grant select, insert on workflow, workflow_node, workflow_dependency to longhaul_service;
        grant select, insert, update, delete on webhook to longhaul_service;
        grant select, insert, delete, update (delivery_operation_id) on webhook_delivery to longhaul_service;
        grant select, insert on webhook_attempt to longhaul_service;
        grant select, update on webhook_cursor to longhaul_service;
        grant select on chain_state, chained_day, history_anchor to longhaul_service;
        grant select, insert, update (reason, held_at, held_by, released_at,
            released_by) on retention_hold to longhaul_service;
        grant select, insert, update on partition_export to longhaul_service;
        grant select on retired_partition, retention_limit to longhaul_service;
        grant select, insert on mcp_secret to longhaul_service;
        grant select, insert, update, delete on mcp_session to longhaul_service;
        grant select, insert, delete on mcp_answer to longhaul_service;
        grant execute on function
            create_partitions(text, integer), merge_counts(), history_after(bigint, uuid, integer, integer),
            purge_workflows(integer), purge_scheduled_runs(interval), purge_deliveries(interval, integer),
            plan_retirement(date, integer, interval, interval), retire_partition(date, interval, interval, integer),
            extend_chain(bigint), anchor_history(boolean), sign_anchor(integer, text, bytea),
                recomputed_anchor(integer),
            erase_data(uuid, text, text, text)
        to longhaul_service;
    end if;
    if exists (select from pg_roles where rolname = 'longhaul_reader') then
        grant usage on schema ${audit} to longhaul_reader;
        grant select on all tables in schema ${audit} to longhaul_reader;
        revoke select on ${audit}.operation_data, ${audit}.operation_step_data from longhaul_reader;
        grant execute on function ${audit}.recomputed_anchor(integer) to longhaul_reader;
    end if;
end
$$;
