-- Are progress reports still cheap: are they heap-only updates (HOT), that touch no index?
--
-- One row per partition, that is per day of submission, from PostgreSQL's statistics. A change of status moves a row in the indexes of what is
-- ready, due and held, and is seldom heap-only; a report of progress should always be. told: the entries that the history got of
-- changes; reports: the other updates; reports_hot: how many of 100 reports were heap-only at least. Near 100 is well. Much less:
-- somebody added an index that names a column which reports change (progress, message, version, updated_at …), or pages have no
-- room left (fillfactor, or a transaction that stays open for hours and keeps old row versions).
-- The numbers begin with the last reset of the statistics, and lag a second behind.
select o.relname as partition, o.n_tup_upd as updates, o.n_tup_hot_upd as heap_only, told.entries as told,
       greatest(o.n_tup_upd - told.entries, 0) as reports,
       round(100 - 100.0 * greatest(o.n_tup_upd - o.n_tup_hot_upd - told.entries, 0) / nullif(greatest(o.n_tup_upd - told.entries, 0), 0), 1) as reports_hot
from pg_stat_user_tables o
join pg_stat_user_tables h on h.schemaname = o.schemaname and h.relname = replace(o.relname, 'operation', 'operation_history')
cross join lateral (select greatest(h.n_tup_ins - o.n_tup_ins, 0) as entries) as told
where o.schemaname = 'public' and o.relname ~ '^operation_(\d{4}_\d\d_\d\d|default)$' and o.n_tup_upd > 0
order by o.relname desc;
