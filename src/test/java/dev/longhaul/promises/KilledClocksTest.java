package dev.longhaul.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.Service;
import dev.longhaul.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// Several nodes look at the same clock and are killed at random: each moment of each schedule starts one operation,
/// none is lost and none comes twice.
class KilledClocksTest {

    private static final Logger log = LoggerFactory.getLogger(KilledClocksTest.class);
    private static final int SCHEDULES = 20;
    private static final int KILLS = Integer.getInteger("kills", 3);

    private final TestDatabase.Database database = TestDatabase.shared().fresh();
    private final JdbcClient sql = JdbcClient.create(new DriverManagerDataSource(database.superuserUrl()));

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void eachMomentStartsOnce(int nodes) throws Exception {
        var seed = Long.getLong("seed", System.nanoTime());
        log.info("seed {}", seed);
        var random = new Random(seed);
        var services = new ArrayList<Service>();
        try {
            services.add(start().awaitUp());
            sql.sql("""
                    insert into schedule (name, every, anchor, type, input, overlap, catch_up)
                    select 'beat ' || n, '1 second', date_trunc('second', now()) + n * interval '7 milliseconds',
                        'simulation', '{"duration_seconds": 0, "steps": 1}', 'allow', 'all'
                    from generate_series(1, :schedules) as n
                    """).param("schedules", SCHEDULES).update();
            for (var n = 1; n < nodes; n++) {
                services.add(start());
            }
            for (var round = 0; round < KILLS; round++) {
                var victim = round < KILLS - 1 ? random.nextInt(nodes) : decider(services)
                        .orElseGet(() -> random.nextInt(nodes));
                services.get(victim).awaitUp();
                services.get(victim).awaitExit(Duration.ofMillis(random.nextInt(500)));
                services.get(victim).kill();
                services.set(victim, start());
            }
            services.getFirst().awaitUp();
            sql.sql("update schedule set deleted_at = now() where next_run_at > now()").update();
            await().atMost(Duration.ofMinutes(1)).until(() -> {
                sql.sql("update schedule set deleted_at = now() where next_run_at > now()").update();
                return count("select count(*) from schedule where deleted_at is null") == 0
                        && count("select count(*) from operation where status <> 'completed'") == 0;
            });
        } finally {
            for (var service : services) {
                service.close();
            }
        }
        judge();
    }

    /// Which of them decided last: it is killed last, so that another has to go on. None: that one is dead already.
    private Optional<Integer> decider(List<Service> services) {
        await().atMost(Duration.ofMinutes(1)).until(() -> count("select count(*) from scheduled_run") > 0);
        var name = sql.sql("select decided_by from scheduled_run order by decided_at desc limit 1").query(String.class)
                .single();
        return IntStream.range(0, services.size()).boxed()
                .filter(service -> name.endsWith(":" + services.get(service).port())).findFirst();
    }

    private Service start() {
        return Service.start(database, Service.freePort(), "--longhaul.engine.lease=3s",
                "--spring.jpa.hibernate.ddl-auto=none");
    }

    private void judge() {
        var decided = sql.sql("select string_agg(distinct decided_by, ', ') from scheduled_run").query(String.class)
                .single();
        log.info("{} moments, {} operations, decided by {}", count("select count(*) from scheduled_run"),
                count("select count(*) from operation"), decided);
        assertThat(count("select count(*) from scheduled_run")).isGreaterThan(SCHEDULES * 3);
        assertThat(List.of(decided.split(", "))).as("more than one node took part").hasSizeGreaterThan(1);
        assertThat(count("""
                select count(*) from (
                    select scheduled_at - lag(scheduled_at) over (partition by schedule_id
                        order by scheduled_at) as step from scheduled_run) as beats
                where step <> interval '1 second'""")).as("moments that are missing, or between the beats").isZero();
        assertThat(count("select count(*) from scheduled_run where outcome <> 'started'"))
                .as("moments that started nothing").isZero();
        assertThat(count("""
                select count(*) from scheduled_run f full join operation o on o.id = f.operation_id
                where f.operation_id is null or o.id is null""")).as("operations without their moment, or moments without their operation").isZero();
        assertThat(count("select count(*) - count(distinct operation_id) from scheduled_run")).isZero();
    }

    private int count(String query) {
        return sql.sql(query).query(Integer.class).single();
    }
}
