-- Which operations have a history that is not the one that was sealed?
--
-- No rows is the answer. A row means that somebody who owns the server changed, removed or added entries after they were sealed, or put a backup back in
-- part. It finds those who did not compute the seals anew; against those there are the anchors: db/audit/anchors.sql.
-- Of the operations submitted in the last 7 days: psql -v days=3650 -f db/audit/broken-seals.sql checks all (about half a minute per million).
\if :{?days}
\else
\set days '7'
\endif

with first as (select operation_id_at(now() - :'days'::int * interval '1 day') as id)
select s.operation_id, s.seq,
       case when s.entries <> s.seq then format('%s entries were sealed, and %s are there', s.seq, s.entries) else 'an entry is not the one that was sealed' end as problem
from audit.seal s
where s.operation_id >= (select id from first) and (s.entries <> s.seq or s.computed is distinct from s.hash)
union all
select h.operation_id, max(h.seq), format('%s entries came behind the seal', count(*))
from audit.operation_history h
left join audit.seal s on s.operation_id = h.operation_id
where h.operation_id >= (select id from first) and h.txid < (select txid from audit.seal_state) and h.seq > coalesce(s.seq, 0)
group by h.operation_id
order by 1, 2;
