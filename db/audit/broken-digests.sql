-- Which operations have a history, an input or an output other than the hash chain covers?
--
-- No rows is the answer. A row means that the owner of the server changed, removed or added entries after the chain
-- covered them, changed an input or an output behind the triggers, or put a backup back in part. Erased and edited
-- values are recorded, and no problem. It finds changes whose author did not compute the digests anew; against those
-- there are the anchors: db/audit/anchors.sql.
-- Of the operations submitted in the last 7 days: psql -v days=3650 -f db/audit/broken-digests.sql checks all (about
-- half a minute per million).
\if :{?days}
\else
\set days '7'
\endif

with first as (select audit.operation_id_at(now() - :'days'::int * interval '1 day') as id)
select d.operation_id, d.seq,
       case when d.entries <> d.seq then format('the chain covers %s entries, and %s are there', d.seq, d.entries)
            else 'an entry is not the one that the chain covers' end as problem
from audit.chain_digest d
where d.operation_id >= (select id from first) and (d.entries <> d.seq or d.computed is distinct from d.hash)
union all
select h.operation_id, max(h.seq), format('%s entries came behind the chain', count(*))
from audit.operation_history h
left join audit.chain_digest d on d.operation_id = h.operation_id
where h.operation_id >= (select id from first) and h.txid < (select txid from audit.chain_state)
    and h.seq > coalesce(d.seq, 0)
group by h.operation_id
union all
select d.operation_id, null,
       case when d.input_digest <> d.input_computed then 'the input is not the one that was submitted'
            else 'the output is not the one that was stored' end
from audit.data_digest d
where d.operation_id >= (select id from first) and not d.is_erased and not d.is_edited
  and (d.input_digest <> d.input_computed or d.output_digest <> d.output_computed)
order by 1, 2;
