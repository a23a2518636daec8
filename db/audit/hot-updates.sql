-- Are progress reports still cheap: are they heap-only updates (HOT), which touch no index?
--
-- One row, from PostgreSQL's statistics of operation_live. A change of status moves a row in the indexes of ready,
-- due and held operations, and is seldom heap-only; a progress report always should be. recorded: entries that the
-- history got of changes; reports: the other updates; reports_hot: how many of 100 reports were heap-only at least.
-- Near 100 is well. Much less: an index names a column that reports change (progress, message, version, updated_at
-- …), or pages have no room left (fillfactor, or a transaction that stays open for hours and keeps old row versions).
-- The numbers begin with the last reset of the statistics, and lag a second behind.
select o.n_tup_upd as updates, o.n_tup_hot_upd as heap_only, told.entries as recorded,
       greatest(o.n_tup_upd - told.entries, 0) as reports,
       round(100 - 100.0 * greatest(o.n_tup_upd - o.n_tup_hot_upd - told.entries, 0)
                 / nullif(greatest(o.n_tup_upd - told.entries, 0), 0), 1) as reports_hot
from pg_stat_user_tables o
cross join lateral (   -- an operation that ends or is retried moves: a delete and an insert here
    select greatest(coalesce(sum(h.n_tup_ins), 0)::bigint - o.n_tup_ins - o.n_tup_del, 0) as entries
    from pg_stat_user_tables h
    where h.schemaname = o.schemaname and h.relname ~ '^operation_history_') as told
where o.relname = 'operation_live' and o.n_tup_upd > 0;
