package dev.longhaul.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.Service;
import dev.longhaul.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// Promises 1, 3, 4, 5 and 7 under kill -9: two services on one database, fifty deaths, twenty operations in flight all the while.
class KilledServicesTest {

    private static final Logger log = LoggerFactory.getLogger(KilledServicesTest.class);
    private static final int ROUNDS = Integer.getInteger("rounds", 50);
    private static final int IN_FLIGHT = 20;

    private final TestDatabase.Database database = TestDatabase.shared().fresh();
    private final JdbcClient sql = JdbcClient.create(new DriverManagerDataSource(database.superuserUrl()));

    @Test
    void fiftyKillsLoseNothingRepeatNothingAndTellEverything() throws Exception {
        var seed = Long.getLong("seed", System.nanoTime());
        log.info("seed {}", seed);
        var random = new Random(seed);
        var ports = List.of(Service.freePort(), Service.freePort());
        var services = new ArrayList<Service>();
        try {
            services.add(start(ports.get(0)));
            awaitAlive(services.get(0));
            sql.sql("""
                    create schema witness;
                    create table witness.executed (operation_id uuid, step text, at timestamptz default clock_timestamp());
                    create table witness.once (operation_id uuid, step int);
                    grant usage on schema witness to longhaul_service;
                    grant insert on all tables in schema witness to longhaul_service;
                    """).update();
            services.add(start(ports.get(1)));
            for (var round = 0; round < ROUNDS; round++) {
                topUp();
                var victim = random.nextInt(2);
                awaitAlive(services.get(victim));
                services.get(victim).awaitExit(Duration.ofMillis(random.nextInt(600)));
                services.get(victim).kill();
                services.set(victim, start(ports.get(victim)));
            }
            await().atMost(Duration.ofMinutes(2)).until(() -> count("select count(*) from operation where status in ('pending', 'running', 'waiting')") == 0);
        } finally {
            for (var service : services) {
                service.close();
            }
        }
        judge();
    }

    private Service start(int port) {
        return Service.start(database, port, "--longhaul.engine.lease=3s", "--spring.jpa.hibernate.ddl-auto=none");
    }

    private void awaitAlive(Service service) {
        await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(50)).until(() -> service.log().contains("at work"));
    }

    private void topUp() {
        var missing = IN_FLIGHT - count("select count(*) from operation where status in ('pending', 'running', 'waiting')");
        for (var n = 0; n < missing; n++) {
            sql.sql("insert into operation (type, input) values ('witness', '{\"steps\": 40, \"millis\": 100}')").update();
        }
    }

    private void judge() {
        log.info("{} operations, {} attempts, {} steps executed, {} rescued", count("select count(*) from operation"),
                count("select sum(attempt) from operation"), count("select count(*) from witness.executed"),
                count("select count(*) from operation_history where reason = 'its worker was lost'"));
        assertThat(count("select count(*) from operation where status <> 'completed'")).as("operations that are not completed").isZero();
        assertThat(count("select count(*) from operation")).as("operations").isGreaterThanOrEqualTo(IN_FLIGHT);
        assertThat(count("select count(*) from operation_history where reason = 'its worker was lost'")).as("rescues: the kills did bite").isPositive();
        assertThat(count("""
                select count(*) from (select operation_id from operation_history where to_status = 'completed'
                                      group by operation_id having count(*) <> 1) as twice"""))
                .as("operations completed more than once").isZero();
        assertThat(count("""
                select count(*) from witness.executed e join operation_step s on s.operation_id = e.operation_id and s.name = e.step
                where e.at > s.finished_at + interval '0'
                  and exists (select from witness.executed earlier where earlier.operation_id = e.operation_id and earlier.step = e.step and earlier.at < s.finished_at)"""))
                .as("executions of steps that were checkpointed already").isZero();
        assertThat(count("select count(*) from operation o where (select count(*) from operation_step s where s.operation_id = o.id) <> 80"))
                .as("operations without exactly their 80 steps").isZero();
        assertThat(count("""
                select count(*) from (select operation_id, step from witness.once group by operation_id, step having count(*) <> 1) as twice"""))
                .as("transactional steps whose work was done twice").isZero();
        assertThat(count("select count(*) from witness.once")).isEqualTo(40 * count("select count(*) from operation"));
        assertThat(count("""
                select count(*) from (select progress < lag(progress) over (partition by operation_id order by seq) as fell from operation_history) as h
                where fell""")).as("times that progress went back").isZero();
        assertThat(count("""
                select count(*) from (
                    select operation_id, seq, from_status, version,
                           lag(to_status) over w as before, lag(version) over w as older, row_number() over w as place
                    from operation_history window w as (partition by operation_id order by seq)) as h
                where seq <> place or from_status is distinct from before or version <= older"""))
                .as("history rows that do not chain").isZero();
        assertThat(count("select count(*) from operation o where history_seq <> (select count(*) from operation_history h where h.operation_id = o.id)"))
                .as("operations whose history is not complete").isZero();
    }

    private int count(String query) {
        return sql.sql(query).query(Integer.class).single();
    }
}
