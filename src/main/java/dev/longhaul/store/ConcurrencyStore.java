package dev.longhaul.store;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/// Gives turns to operations that stand in line for their concurrency key.
@Repository
public class ConcurrencyStore {

    /// So many of one key get their turn in one go.
    private static final int MOST = 100;

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    ConcurrencyStore(JdbcClient jdbc, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    // A statement of its own: the next one then sees what the holder before has given. A key that another node has its
    // hands on is left to it: who comes to a key after a change of it was announced either finds it free, or finds a
    // node that came after it too or will come again.
    private static final String LOCK = """
            select key from unnest(:keys::text[]) as asked (key) where pg_try_advisory_xact_lock(7241004, hashtext(key))
            """;

    // The first in line goes if a place is free, and if the rate has one more start; what has its turn and has not
    // started yet will start some time, and counts as a start. Who comes after it may have a smaller limit, and then
    // holds up the rest: nobody is overtaken for ever.
    private static final String GIVE = """
            with place as (
                select key, first.most,
                       (select count(*) from operation h where h.concurrency_key = key and h.holds_slot
                                                              and h.status in ('pending', 'running')) as held,
                       (select count(*) from operation h where h.concurrency_key = key and h.holds_slot
                           and h.status = 'pending') as outstanding
                from unnest(:keys::text[]) as asked (key)
                cross join lateral (
                    select concurrency_limit as most from operation
                    where status = 'pending' and concurrency_key = key and awaits_slot order by priority desc, id
                        limit 1) as first),
            line as (
                select key, held, outstanding, o.*, row_number() over (partition by key order by o.priority desc,
                    o.id) as nth
                from place cross join lateral (
                    select id, priority, concurrency_limit, rate_limit, rate_period from operation
                    where status = 'pending' and concurrency_key = key and awaits_slot
                    order by priority desc, id
                    limit least(:most, greatest(0, most - held))
                    for update skip locked) as o),
            judged as (
                select line.*, held + nth <= concurrency_limit as has_place,
                       rate_limit is null or outstanding + nth + (
                           select count(*) from rate_limit_start s where s.concurrency_key = key
                               and s.at > now() - rate_period) <= rate_limit as is_in_rate
                from line),
            given as (
                select judged.*, bool_and(has_place and is_in_rate) over (partition by key order by nth) as goes
                    from judged),
            done as (
                update operation o set
                    holds_slot = true, awaits_slot = false, delayed = false, reason = null,
                    version = o.version + 1, updated_at = now(), changed_by = :by, source = 'engine'
                from given where given.goes and o.id = given.id and o.status = 'pending'
                returning o.concurrency_key)
            select key, (select count(*) from done where concurrency_key = key) as given,
                   min(case when not has_place or is_in_rate then null
                            -- nobody knows when those that have their turn will start
                            when outstanding + nth > rate_limit then 1000
                            else (select extract(epoch from s.at + rate_period - now()) * 1000 from rate_limit_start s
                                  where s.concurrency_key = key
                                      order by s.at desc offset rate_limit - outstanding - nth limit 1) end) as again
            from given group by key
            """;

    /// @param more  there may be more that can have their turn at once
    /// @param again when the rate lets the next one go; null: it is not the rate that keeps them
    public record Given(String key, boolean more, @Nullable Duration again) {}

    /// Gives as many turns as there are places, to those that have stood longest among the most urgent.
    ///
    /// @return what is left to do, by key; none for keys that have nobody in line, or no place, or that another node
    ///     deals with
    public List<Given> give(Collection<String> keys, String by) {
        return transaction.execute(_ -> {
            var mine = jdbc.sql(LOCK).param("keys", keys.toArray(String[]::new)).query(String.class).list();
            return mine.isEmpty() ? List.<Given>of() : jdbc.sql(GIVE).param("keys", mine.toArray(String[]::new))
                    .param("most", MOST).param("by", by)
                    .query((row, _) -> new Given(row.getString("key"), row.getInt("given") == MOST,
                            millis(row.getBigDecimal("again")))).list();
        });
    }

    private static @Nullable Duration millis(@Nullable BigDecimal millis) {
        return millis == null
                ? null : Duration.ofMillis(Math.max(1, millis.setScale(0, RoundingMode.CEILING).longValue()));
    }

    // By hopping through the index from one key to the next.
    private static final String KEYS = """
            with recursive keys as (
                (select concurrency_key as key from operation where status = 'pending' and awaits_slot
                 order by concurrency_key limit 1)
                union all
                select (select o.concurrency_key from operation o where o.status = 'pending' and o.awaits_slot
                    and o.concurrency_key > keys.key order by o.concurrency_key limit 1)
                from keys where keys.key is not null)
            select key from keys where key is not null
            """;

    /// The keys for which somebody stands in line.
    public List<String> keys() {
        return jdbc.sql(KEYS).query(String.class).list();
    }

    private static final String FORGET = "delete from rate_limit_start where at < now() - interval '25 hours'";

    /// The starts that no rate counts any more.
    public void forgetOld() {
        jdbc.sql(FORGET).update();
    }
}
