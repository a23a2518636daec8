package dev.longhaul.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.ReferenceClient;
import dev.longhaul.Service;
import dev.longhaul.TestDatabase;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.core.JacksonException;

/// Promises 1, 3, 4, 5 and 7 under kill -9: four services on one database, deaths of them one after another
/// (`-Drounds=100` for a long run), and forty operations in flight all the while.
class KilledServicesTest {

    private static final Logger log = LoggerFactory.getLogger(KilledServicesTest.class);
    private static final int ROUNDS = Integer.getInteger("rounds", 5);
    private static final int NODES = 4;
    private static final int IN_FLIGHT = 40;

    private final TestDatabase.Database database = TestDatabase.shared().fresh();
    private final JdbcClient sql = JdbcClient.create(new DriverManagerDataSource(database.superuserUrl()));

    @Test
    void killsLoseNothingRepeatNothingAndTellEverything() throws Exception {
        var seed = Long.getLong("seed", System.nanoTime());
        log.info("seed {}", seed);
        var random = new Random(seed);
        var ports = Stream.generate(Service::freePort).limit(NODES).toList();
        var services = new CopyOnWriteArrayList<Service>();
        var over = new CountDownLatch(1);
        try (var customer = Executors.newSingleThreadExecutor(); AutoCloseable end = over::countDown) {
            services.add(start(ports.get(0)).awaitUp());
            sql.sql("""
                    create schema witness;
                    create table witness.executed (operation_id uuid, step text,
                        at timestamptz default clock_timestamp());
                    create table witness.once (operation_id uuid, step int);
                    grant usage on schema witness to longhaul_service;
                    grant insert on all tables in schema witness to longhaul_service;
                    """).update();
            ports.subList(1, NODES).forEach(port -> services.add(start(port)));
            var acknowledged = customer.submit(() -> keepInFlight(services, over));
            for (var round = 0; round < ROUNDS; round++) {
                var victim = random.nextInt(4) == 0 ? random.nextInt(NODES) : busy(ports, random);
                services.get(victim).awaitUp();
                services.get(victim).awaitExit(Duration.ofMillis(random.nextInt(600)));
                services.get(victim).kill();
                services.set(victim, start(ports.get(victim)));
            }
            over.countDown();
            // the last request may be on its way still: first its answer, then the rows
            var promised = acknowledged.get();
            assertThat(sql.sql("select id::text from operation").query(String.class).list())
                    .as("one operation for every acknowledged request, and no others")
                    .containsExactlyInAnyOrderElementsOf(promised);
            await().atMost(Duration.ofMinutes(2))
                    .until(() ->
                    count("select count(*) from operation where status in ('pending', 'running', 'waiting')") == 0);
        } finally {
            over.countDown();
            for (var service : services) {
                service.close();
            }
        }
        judge();
    }

    /// A node that runs operations, so that its kill has an effect.
    private int busy(List<Integer> ports, Random random) {
        var running = """
                select split_part(w.name, ':', 2)::int from operation o join worker w on w.id = o.worker_id
                where o.status = 'running'""";
        var busy = await().atMost(Duration.ofMinutes(1)).until(() -> sql.sql(running).query(Integer.class).list()
                .stream().filter(ports::contains).distinct().sorted().toList(), found -> !found.isEmpty());
        return ports.indexOf(busy.get(random.nextInt(busy.size())));
    }

    private Service start(int port) {
        return Service.start(database, port, "--longhaul.engine.lease=3s", "--spring.jpa.hibernate.ddl-auto=none");
    }

    /// A customer who wants forty operations in flight, and asks again, at whichever service answers, until each
    /// request is acknowledged.
    private List<String> keepInFlight(List<Service> services, CountDownLatch over) throws InterruptedException {
        var acknowledged = new ArrayList<String>();
        while (!over.await(20, TimeUnit.MILLISECONDS) || acknowledged.size() < IN_FLIGHT) {
            if (count("select count(*) from operation where status in ('pending', 'running', 'waiting')") < IN_FLIGHT) {
                acknowledged.add(submit(services, UUID.randomUUID()));
            }
        }
        return acknowledged;
    }

    private static String submit(List<Service> services, UUID key) throws InterruptedException {
        for (var turn = 0; ; turn++) {
            try {
                var answer = new ReferenceClient(services.get(turn % services.size()).uri("/")).call("start_long_task",
                        "{\"task_type\": \"witness\", \"input\": {\"steps\": 40, \"millis\": 100}, "
                        + "\"idempotency_key\": \"" + key + "\"}");
                assertThat(answer.get("status").asString()).as(answer.toString()).isEqualTo("success");
                return answer.at("/data/operation_id").asString();
            } catch (IOException | JacksonException unanswered) {
                Thread.onSpinWait();   // a dead service refuses at once; the other one is next
            }
        }
    }

    private void judge() {
        log.info("{} operations, {} attempts, {} steps executed, {} rescued", count("select count(*) from operation"),
                count("select sum(attempt) from operation"), count("select count(*) from witness.executed"),
                count("select count(*) from operation_history where reason = 'worker lease expired'"));
        var judge = new HistoryChecker(sql);
        judge.allAreCompletedOnce();
        judge.historiesAreWhole();
        judge.progressNeverFell();
        assertThat(count("select count(*) from operation")).as("operations").isGreaterThanOrEqualTo(IN_FLIGHT);
        assertThat(count("select count(*) from operation_history where reason = 'worker lease expired'"))
                .as("rescues: the kills did bite").isPositive();
        assertThat(count("""
                select count(*) from witness.executed e join operation_step s on s.operation_id = e.operation_id
                    and s.name = e.step
                where e.at > s.finished_at + interval '0'
                  and exists (select from witness.executed earlier where earlier.operation_id = e.operation_id
                      and earlier.step = e.step and earlier.at < s.finished_at)"""))
                .as("executions of steps that were checkpointed already").isZero();
        assertThat(count("select count(*) from operation o where (select count(*) from operation_step s where "
                + "s.operation_id = o.id) <> 80"))
                .as("operations without exactly their 80 steps").isZero();
        assertThat(count("""
                select count(*) from (select operation_id, step from witness.once
                    group by operation_id, step having count(*) <> 1) as twice"""))
                .as("transactional steps whose work was done twice").isZero();
        assertThat(count("select count(*) from witness.once")).isEqualTo(40 * count("select count(*) from operation"));
    }

    private int count(String query) {
        return sql.sql(query).query(Integer.class).single();
    }
}
