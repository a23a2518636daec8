package dev.longhaul.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Submission;
import dev.longhaul.store.OperationStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.json.JsonMapper;

/// Promise 6: a subscriber sees every state change once, in order, and ends at the newest progress.
@LonghaulTest
class SubscribersTest {

    private static final Caller ANN = new Caller("ann", "test");

    @Autowired
    Subscribers subscribers;
    @Autowired
    NotificationListener listener;
    @Autowired
    OperationStore store;
    @Autowired
    JdbcClient sql;
    @Autowired
    JsonMapper json;
    @Value("${test.superuser-url}")
    String superuserUrl;

    @Test
    void aSubscriberGetsThePresentOperationAndThenEveryChange() throws Exception {
        var id = tomorrow();
        try (var subscriber = subscribers.subscribe(id, 0)) {
            assertThat(next(subscriber).stateChange().event()).isEqualTo("submitted");

            psql("update operation set priority = 7 where id = '" + id + "'");
            assertThat(next(subscriber).stateChange().event()).isEqualTo("edited");

            store.cancel(id, "no more", ANN);
            var last = next(subscriber);
            assertThat(last.stateChange().reason()).isEqualTo("no more");
            assertThat(last.isLast()).isTrue();
            assertThat(last.version()).isEqualTo(3);
        }
    }

    @Test
    void aSubscriberThatReturnsGetsOnlyUnseenChanges() throws Exception {
        var id = tomorrow();
        psql("update operation set priority = 1 where id = '" + id + "'");
        psql("update operation set priority = 2 where id = '" + id + "'");

        try (var subscriber = subscribers.subscribe(id, 2)) {
            assertThat(next(subscriber).version()).isEqualTo(3);
            assertThat(subscriber.next(Duration.ofMillis(200))).isEmpty();
        }
    }

    /// Its own read follows; the newest change alone would hide the changes before it.
    @Test
    void aSubscriberThatComesDuringAReadGetsItsOwnChanges() throws Exception {
        var id = tomorrow();
        psql("update operation set priority = 1 where id = '" + id + "'");
        try (var other = subscribers.subscribe(id, 1); var newcomer = new Subscriber(subscribers, id, 0, 10)) {
            var edit = next(other);

            newcomer.offer(1, List.of(edit));
            assertThat(newcomer.next(Duration.ZERO)).isEmpty();

            newcomer.offer(0, List.of(edit));
            assertThat(next(newcomer)).isEqualTo(edit);
        }
    }

    @Test
    void aSlowSubscriberGetsEveryStateChangeAndTheNewestProgress() throws Exception {
        var id = tomorrow();
        try (var subscriber = subscribers.subscribe(id, 0)) {
            next(subscriber);
            for (var n = 1; n <= 350; n++) {   // more than its mailbox holds
                psql("update operation set priority = " + n % 100 + ", message = 'm" + n + "' where id = '" + id + "'");
            }
            for (var n = 1; n <= 50; n++) {
                psql("update operation set message = 'p" + n + "' where id = '" + id + "'");
            }

            var versions = new ArrayList<Long>();
            Change change;
            // the one thread that looks for all is at it all the while, and neither waits for the other for ever
            var busy = new AtomicBoolean(true);
            var looking = Thread.ofPlatform().start(() -> {
                while (busy.get()) {
                    subscribers.changed(List.of(id));
                }
            });
            do {
                change = next(subscriber);
                versions.add(change.version());
            } while (change.version() < 401);
            busy.set(false);
            looking.join();

            assertThat(versions).as("every edge in order, then the newest progress").hasSizeBetween(351, 370).isSorted()
                    .doesNotHaveDuplicates();
            assertThat(versions.subList(0, 350))
                    .containsExactlyElementsOf(java.util.stream.LongStream.rangeClosed(2, 351).boxed().toList());
            assertThat(change.operation().progress().message()).isEqualTo("p50");
        }
    }

    @Test
    void noChangeIsLostWhileTheListenConnectionIsKilledRepeatedly() throws Exception {
        var ids = new ArrayList<OperationId>();
        for (var n = 0; n < 20; n++) {
            ids.add(store.submit(Submission.of("simulation", json.createObjectNode().put("duration_seconds", 8)
                    .put("steps", 40)), ANN).operation().id());
        }
        var killing = new AtomicBoolean(true);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor(); AutoCloseable _ = () -> killing.set(false)) {
            var seen = new ArrayList<Future<List<Long>>>();
            ids.forEach(id -> seen.add(threads.submit(() -> edges(id))));
            var killer = threads.submit(() -> {
                var kills = 0;
                while (killing.get()) {
                    psql("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'longhaul "
                            + "listener' and datname = current_database()");
                    kills++;
                    Thread.sleep(Duration.ofMillis(700));
                }
                return kills;
            });
            for (var n = 0; n < ids.size(); n++) {
                assertThat(seen.get(n).get()).containsExactlyElementsOf(sql.sql(
                        "select version from operation_history where operation_id = :id and event <> 'progress' "
                        + "order by seq")
                        .param("id", ids.get(n).value()).query(Long.class).list());
            }
            killing.set(false);
            assertThat(killer.get()).isGreaterThan(5);
        }
        await().atMost(Duration.ofSeconds(10)).until(listener::isListening);
    }

    private List<Long> edges(OperationId id) throws InterruptedException {
        var edges = new ArrayList<Long>();
        try (var subscriber = subscribers.subscribe(id, 0)) {
            while (true) {
                var change = next(subscriber);
                if (change.stateChange() != null) {
                    edges.add(change.version());
                }
                if (change.isLast()) {
                    assertThat(change.operation().progress().percent()).isEqualTo(100);
                    return edges;
                }
            }
        }
    }

    private static Change next(Subscriber subscriber) throws InterruptedException {
        return subscriber.next(Duration.ofSeconds(20)).orElseThrow(() -> new AssertionError("nothing came"));
    }

    private OperationId tomorrow() {
        return store.submit(Submission.of("simulation", json.createObjectNode().put("duration_seconds", 0)
                .put("steps", 1))
                .withRunAt(Instant.now().plusSeconds(86_400)), ANN).operation().id();
    }

    private void psql(String statement) {
        var client = JdbcClient.create(new DriverManagerDataSource(superuserUrl));
        if (statement.startsWith("select")) {
            client.sql(statement).query().listOfRows();
        } else {
            client.sql(statement).update();
        }
    }
}
