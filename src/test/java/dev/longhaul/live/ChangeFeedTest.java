package dev.longhaul.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// The change feed loses and repeats nothing, in any order of commits.
@LonghaulTest
class ChangeFeedTest {

    @Autowired
    ChangeFeed feed;
    @Autowired
    JdbcClient sql;
    @Value("${test.superuser-url}")
    String superuserUrl;

    @Test
    void aChangeThatCommitsLateUnderALowerIdIsNotLost() throws Exception {
        var queue = queue();
        try (var early = connect(); var late = connect(); var subscription =
                feed.subscribe(null, operation -> operation.queue().equals(queue))) {
            var first = insert(early, queue);   // takes the lower transaction id and stays open
            var second = insert(late, queue);
            late.commit();
            assertThat(collect(subscription, Duration.ofMillis(800))).as("what could still be overtaken waits")
                    .isEmpty();

            early.commit();

            var seen = collect(subscription, Duration.ofSeconds(10), 2);
            assertThat(seen).extracting(entry -> entry.change().operation().id().value())
                    .containsExactly(first, second);
        }
    }

    @Test
    void aSubscriberThatReturnsWithItsCursorContinuesThere() throws Exception {
        var queue = queue();
        FeedCursor place;
        try (var subscription = feed.subscribe(null, operation -> operation.queue().equals(queue)); var connection =
                connect()) {
            insert(connection, queue);
            insert(connection, queue);
            connection.commit();
            place = collect(subscription, Duration.ofSeconds(10), 2).getFirst().cursor();
        }
        try (var connection = connect()) {
            insert(connection, queue);
            connection.commit();
        }

        try (var again = feed.subscribe(FeedCursor.parse(place.toString()),
                operation -> operation.queue().equals(queue))) {
            assertThat(collect(again, Duration.ofSeconds(10), 2)).hasSize(2).extracting(ChangeFeed.Entry::cursor)
                    .isSorted()
                    .allSatisfy(cursor -> assertThat(cursor).isGreaterThan(place));
        }
    }

    @Test
    void everySubscriberGetsEachChangeOfEightConcurrentWritersOnce() throws Exception {
        var queue = queue();
        var writers = 8;
        var each = 150;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var heard = new ArrayList<Future<List<ChangeFeed.Entry>>>();
            for (var n = 0; n < 3; n++) {
                var subscription = feed.subscribe(null, operation -> operation.queue().equals(queue));
                heard.add(threads.submit(() -> {
                    try (subscription) {
                        return collect(subscription, Duration.ofSeconds(30), writers * each * 2);
                    }
                }));
            }
            var written = new ArrayList<Future<?>>();
            for (var n = 0; n < writers; n++) {
                written.add(threads.submit(() -> write(queue, each)));
            }
            for (var writer : written) {
                writer.get();
            }
            var history =
                    sql.sql("select count(*) from operation_history h join operation o on o.id = h.operation_id "
                    + "where o.queue = :queue")
                    .param("queue", queue).query(Integer.class).single();
            assertThat(history).isEqualTo(writers * each * 2);
            for (var subscriber : heard) {
                var entries = subscriber.get();
                assertThat(entries)
                        .extracting(entry -> entry.change().operation().id() + "/" + entry.change().version())
                        .hasSize(history).doesNotHaveDuplicates();
                assertThat(entries).extracting(ChangeFeed.Entry::cursor).isSorted();
            }
        }
    }

    private Void write(String queue, int count) throws SQLException {
        try (var connection = connect(); var statement = connection.createStatement()) {
            for (var n = 0; n < count; n++) {
                var id = insert(connection, queue);
                statement.execute("update operation set priority = 3 where id = '" + id + "'");
                if (n % 10 == 0) {
                    statement.execute("select pg_sleep(0.01)");
                }
                connection.commit();
            }
        }
        return null;
    }

    private static List<ChangeFeed.Entry> collect(FeedSubscription subscription, Duration timeout, int... count)
            throws InterruptedException {
        var entries = new ArrayList<ChangeFeed.Entry>();
        var until = System.nanoTime() + timeout.toNanos();
        while (System.nanoTime() < until && (count.length == 0 || entries.size() < count[0])) {
            entries.addAll(subscription.next(Duration.ofNanos(Math.max(1, until - System.nanoTime()))).edges());
        }
        return entries;
    }

    private static UUID insert(Connection connection, String queue) throws SQLException {
        try (var statement = connection.createStatement();
             var row = statement.executeQuery("insert into operation (type, queue, run_at) values ('simulation', '"
                     + queue + "', now() + interval '1 day') returning id")) {
            row.next();
            return row.getObject(1, UUID.class);
        }
    }

    private Connection connect() throws SQLException {
        var connection = new DriverManagerDataSource(superuserUrl).getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    private static String queue() {
        return "feed-" + UUID.randomUUID();
    }
}
