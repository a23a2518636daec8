-- What evidence is there of the history, and does the history still agree with it?
--
-- One row per anchor: the operations submitted on a day, and the entries of theirs, that it covers. verdict: agrees,
-- or what does not. Compare the anchors with the copies that you keep elsewhere, and check the signature of hash with
-- the public key (docs/audit.md). has left: that day's operations left when their time was over.
-- The anchors of the last 7 days: psql -v days=30 -f db/audit/anchors.sql changes that. To keep a copy: psql -X --csv
-- -f db/audit/anchors.sql > anchors.csv.
\if :{?days}
\else
\set days '7'
\endif

select a.number, a.anchored_at, a.day, a.operations, a.entries, a.head, a.hash, a.key_id, a.signature,
       case when not a.chains then 'does not fit the anchor before'
            when now_there.operations = 0 then 'has left'
            when now_there.operations <> a.operations or now_there.entries <> a.entries
                then format('there are %s operations with %s entries now', now_there.operations, now_there.entries)
            when encode(now_there.head, 'hex') <> a.head then 'the entries are not those that were summed up'
            else 'agrees' end as verdict
from audit.anchor a
cross join lateral audit.recomputed_anchor(a.number) as now_there
where a.anchored_at >= now() - :'days'::int * interval '1 day'
order by a.number;
