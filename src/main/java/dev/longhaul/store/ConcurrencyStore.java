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

/// Allocates slots to operations that wait for their concurrency key.
@Repository
public class ConcurrencyStore {

    /// Operations of one key that get a slot in one statement.
    private static final int MOST = 100;

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    ConcurrencyStore(JdbcClient jdbc, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    // A separate statement, so that the next one sees the slots that the previous lock holder allocated. Skip keys
    // locked by another node. A node that comes after an announced change either gets the lock, or a node that came
    // later holds it, or that node comes again.
    private static final String LOCK = """
            select key from unnest(:keys::text[]) as asked (key) where pg_try_advisory_xact_lock(7241004, hashtext(key))
            """;

    // The first waiting operation starts if a slot is free and the rate limit allows one more start. A pending
    // operation with a slot counts as a start. A later operation may have a lower limit and then blocks the ones behind
    // it, so no operation is overtaken forever.
    private static final String ALLOCATE = """
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
                            -- the start of operations that hold a slot cannot be predicted
                            when outstanding + nth > rate_limit then 1000
                            else (select extract(epoch from s.at + rate_period - now()) * 1000 from rate_limit_start s
                                  where s.concurrency_key = key
                                      order by s.at desc offset rate_limit - outstanding - nth limit 1) end) as again
            from given group by key
            """;

    /// @param more  true: more operations may get a slot at once
    /// @param again time until the rate limit allows the next start; null: the rate limit blocks none
    public record Given(String key, boolean more, @Nullable Duration again) {}

    /// Allocates the free slots by priority, then to the operations that have waited longest.
    ///
    /// @return remaining work by key; none for keys without waiting operations or slots, or locked by another node
    public List<Given> give(Collection<String> keys, String by) {
        return transaction.execute(_ -> {
            var locked = jdbc.sql(LOCK).param("keys", keys.toArray(String[]::new)).query(String.class).list();
            return locked.isEmpty() ? List.<Given>of() : jdbc.sql(ALLOCATE).param("keys", locked.toArray(String[]::new))
                    .param("most", MOST).param("by", by)
                    .query((row, _) -> new Given(row.getString("key"), row.getInt("given") == MOST,
                            millis(row.getBigDecimal("again")))).list();
        });
    }

    private static @Nullable Duration millis(@Nullable BigDecimal millis) {
        return millis == null
                ? null : Duration.ofMillis(Math.max(1, millis.setScale(0, RoundingMode.CEILING).longValue()));
    }

    // A recursive query reads one index entry per key.
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

    /// Keys for which operations wait.
    public List<String> keys() {
        return jdbc.sql(KEYS).query(String.class).list();
    }

    private static final String FORGET = "delete from rate_limit_start where at < now() - interval '25 hours'";

    /// Deletes the starts that no rate limit counts any more.
    public void forgetOld() {
        jdbc.sql(FORGET).update();
    }
}
