package dev.longhaul.bench.chaos.judge;

import java.util.List;

/// What each history must look like.
final class HistoryChecks {

    static final String ENDS = "no operation ends twice without a retry";
    static final String SEQUENCE = "each history counts 1, 2, 3 without a gap";
    static final String CHAIN = "each entry of a history goes on where the one before ended";
    static final String MOVES = "a status moves only as the schema allows";
    static final String FOLD = "the entries of a history add up to the operation's row";
    static final String HASHES = "the hash chain fits the history";

    private static final String ENTRIES = "select count(*) from operation_history";
    private static final String ENTRY = """
            with entry as (
                select h.*, row_number() over w as place, lag(to_status) over w as before,
                       lag(version) over w as version_before, lag(attempt) over w as attempt_before
                from operation_history h window w as (partition by operation_id order by seq))
            """;
    private static final String NAME = "select 'operation ' || operation_id || ', entry ' || seq || ': ' || ";

    static final List<Check> ALL = List.of(
            Check.sql(ENDS, "select count(*) from operation_history where to_status in ('completed', 'failed', "
                    + "'cancelled') and event = 'status'", ENTRY + NAME + """
                    before || ' became ' || to_status || ' by ' || source from entry
                    where before in ('completed', 'failed', 'cancelled') and event = 'status'
                      and not (before <> 'completed' and to_status = 'pending' and source <> 'engine')
                    """),
            Check.sql(SEQUENCE, ENTRIES, ENTRY + NAME + "'it is number ' || place from entry where seq <> place",
                    "select 'operation ' || id || ' has no history' from operation o where not exists (select from "
                    + "operation_history h where h.operation_id = o.id)"),
            Check.sql(CHAIN, ENTRIES, ENTRY + NAME + """
                    'from ' || coalesce(from_status, 'nothing') || ', version ' || version || ', attempt ' || attempt
                    || ' after ' || coalesce(before, 'nothing') || ', version ' || coalesce(version_before, 0)
                    || ', attempt ' || coalesce(attempt_before, 0)
                    from entry
                    where from_status is distinct from before or version <= version_before
                       or attempt not in (coalesce(attempt_before, 0), coalesce(attempt_before, 0) + 1)
                       or (seq = 1) <> (event = 'submitted')
                    """),
            Check.sql(MOVES, ENTRIES, NAME + """
                    from_status || ' became ' || to_status from operation_history
                    where from_status <> to_status and (from_status, to_status) not in (
                        ('pending', 'running'), ('pending', 'cancelled'), ('pending', 'failed'),
                        ('running', 'pending'), ('running', 'waiting'), ('running', 'completed'),
                        ('running', 'failed'), ('running', 'cancelled'), ('waiting', 'pending'),
                        ('waiting', 'cancelled'), ('waiting', 'failed'), ('failed', 'pending'),
                        ('cancelled', 'pending'))
                    """),
            Check.sql(FOLD, "select count(*) from operation", """
                    select 'operation ' || o.id || ' is ' || o.status || ', attempt ' || o.attempt || ', '
                           || o.history_seq || ' entries; its history ends ' || h.to_status || ', attempt '
                           || h.attempt || ', entry ' || h.seq
                    from operation o
                    join lateral (select * from operation_history h where h.operation_id = o.id
                                  order by seq desc limit 1) as h on true
                    where (o.status, o.attempt, o.history_seq) <> (h.to_status, h.attempt, h.seq)
                       or o.version < h.version or (o.finished_at is null) <> (h.to_status not in
                          ('completed', 'failed', 'cancelled'))
                    """),
            Check.sql(HASHES, "select count(*) from chain_digest", """
                    select 'operation ' || d.operation_id || ': its chain covers ' || d.seq || ' entries, and '
                           || h.entries || ' are there' || case when h.hash = d.hash then '' else ', others' end
                    from chain_digest d
                    cross join lateral (
                        select count(*) as entries, chain(case when h.seq = 1
                            then chain_link(uuid_send(h.operation_id), entry_digest(row(h.*)::public.operation_history))
                            else entry_digest(row(h.*)::public.operation_history) end order by h.seq) as hash
                        from operation_history h where h.operation_id = d.operation_id and h.seq <= d.seq) as h
                    where h.entries <> d.seq or h.hash is distinct from d.hash
                    """));

    private HistoryChecks() {
    }
}
