package dev.longhaul.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.Service;
import dev.longhaul.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// Limits and rates of keys hold for all nodes together, also when nodes are killed; the history is the judge.
class ConcurrencyOnTwoNodesTest {

    private static final Logger log = LoggerFactory.getLogger(ConcurrencyOnTwoNodesTest.class);
    private static final int KILLS = Integer.getInteger("rounds", 2);

    private final TestDatabase.Database database = TestDatabase.shared().fresh();
    private final JdbcClient sql = JdbcClient.create(new DriverManagerDataSource(database.superuserUrl()));

    @Test
    void twoNodesThatAreKilledNowAndThenNeverRunMoreOfAKeyThanItHasPlaces() throws Exception {
        var random = new Random(Long.getLong("seed", 7));
        var ports = List.of(Service.freePort(), Service.freePort());
        var services = new CopyOnWriteArrayList<Service>();
        try {
            for (var port : ports) {
                services.add(start(port));
            }
            for (var service : services) {
                service.awaitUp();
            }
            submit(200 + 50 * KILLS);
            for (var n = 0; n < KILLS; n++) {
                var victim = random.nextInt(2);
                services.get(victim).awaitUp();
                var held = "select count(*) from operation o join worker w on w.id = o.worker_id where w.name like '%:"
                        + ports.get(victim) + "'";
                await().atMost(Duration.ofMinutes(1)).pollInterval(Duration.ofMillis(10)).until(() -> count(held) > 0);
                services.get(victim).kill();
                services.set(victim, start(ports.get(victim)));
            }
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> count("select count(*) from operation where finished_at is null") == 0);
        } finally {
            for (var service : services) {
                service.close();
            }
        }
        judge();
    }

    /// Of thirty keys: some with one place and some with up to four, every third with a rate.
    private void submit(int operations) {
        sql.sql("""
                insert into operation (type, input, max_attempts, concurrency_key, concurrency_limit, rate_limit,
                    rate_period)
                select 'simulation', jsonb_build_object('duration_seconds', 0.05 + random() * 0.2, 'steps', 1), 5,
                    'key-' || k, 1 + k % 4,
                       case when k % 3 = 0 then 2 + k % 5 end, case when k % 3 = 0 then interval '1 second' end
                from (select floor(random() * 30)::int as k from generate_series(1, :operations)) as n""").param("operations", operations).update();
    }

    private void judge() {
        log.info("{} operations, {} starts, {} rescued, {} keys", count("select count(*) from operation"),
                count("select sum(attempt) from operation"),
                count("select count(*) from operation_history where reason = 'worker lease expired'"),
                count("select count(distinct concurrency_key) from operation"));
        assertThat(count("select count(*) from operation where status <> 'completed'"))
                .as("operations that are not completed").isZero();
        assertThat(count("select count(*) from operation_history where reason = 'worker lease expired'"))
                .as("rescues: the kills did bite").isPositive();
        assertThat(count("select count(*) from operation where holds_slot or awaits_slot")).as("places that leaked").isZero();
        assertThat(sql.sql("""
                with change as (
                    select concurrency_key, concurrency_limit, h.at, case when h.to_status = 'running' then 1 else -1
                        end as by
                    from operation_history h join operation o on o.id = h.operation_id
                    where h.event = 'status' and 'running' in (h.from_status, h.to_status)),
                running as (
                    select concurrency_key, concurrency_limit,
                        sum(by) over (partition by concurrency_key order by at, by) as running from change)
                select concurrency_key || ' has ' || concurrency_limit || ' places and ran ' || max(running)
                from running group by concurrency_key, concurrency_limit having max(running) > concurrency_limit""").query(String.class).list()).isEmpty();
        assertThat(count("""
                with change as (
                    select concurrency_key, concurrency_limit, h.at, case when h.to_status = 'running' then 1 else -1
                        end as by
                    from operation_history h join operation o on o.id = h.operation_id
                    where concurrency_limit > 1 and h.event = 'status' and 'running' in (h.from_status, h.to_status))
                select max(running) from (select sum(by) over (partition by concurrency_key
                    order by at, by) as running from change) as c"""))
                .as("the places were used").isGreaterThan(1);
        assertThat(sql.sql("""
                select concurrency_key || ' started ' || (rate_limit + 1) || ' within ' || (at - before)
                from (select r.concurrency_key, r.rate_limit, s.at,
                    lag(s.at, r.rate_limit) over (partition by s.concurrency_key order by s.at) as before
                      from rate_limit_start s
                      join (select distinct concurrency_key, rate_limit from operation
                          where rate_limit is not null) as r using (concurrency_key)) as start
                where at - before < interval '1 second'""").query(String.class).list()).isEmpty();
        assertThat(count("select count(*) from rate_limit_start")).as("every start of a key with a rate is counted").isEqualTo(count("""
                select count(*) from operation_history h join operation o on o.id = h.operation_id
                where rate_limit is not null and h.from_status = 'pending' and h.to_status = 'running'"""));
    }

    private Service start(int port) {
        return Service.start(database, port, "--longhaul.engine.lease=3s", "--spring.jpa.hibernate.ddl-auto=none");
    }

    private int count(String query) {
        return sql.sql(query).query(Integer.class).single();
    }
}
