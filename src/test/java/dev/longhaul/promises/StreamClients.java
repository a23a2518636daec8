package dev.longhaul.promises;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.TestDatabase;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// Operations that run while somebody edits and cancels them by SQL, each watched by several followers; the history
/// judges what these were told.
final class StreamClients implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(StreamClients.class);
    static final int FOLLOWERS = Integer.getInteger("followers", 200);
    private static final int PER_OPERATION = 2;

    private final JdbcClient sql;
    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<StreamFollower> followers = new ArrayList<>();
    private final List<Future<StreamFollower>> ends = new ArrayList<>();
    private final AtomicInteger edits = new AtomicInteger();

    private static final String SUBMIT = """
            insert into operation (type, input)
            select 'simulation', jsonb_build_object('duration_seconds', :seconds * (0.3 + 0.9 * n / :operations),
                'steps', 20 + n % 20)
            from generate_series(1, :operations) as n
            returning id
            """;

    /// Operations and followers of each; the operations end one after the other, the last a little after `seconds`.
    ///
    /// @param nodes where the followers go, in turn
    static StreamClients gather(TestDatabase.Database database, int seconds, URI... nodes) {
        var audience = new StreamClients(database);
        var ids = audience.sql.sql(SUBMIT).param("seconds", seconds).param("operations", FOLLOWERS / PER_OPERATION)
                .query(UUID.class).list();
        for (var n = 0; n < FOLLOWERS; n++) {
            audience.follow(ids.get(n % ids.size()), List.of(nodes));
        }
        audience.threads.submit(() -> {
            audience.edit();
            return null;
        });
        return audience;
    }

    private StreamClients(TestDatabase.Database database) {
        sql = JdbcClient.create(new DriverManagerDataSource(database.superuserUrl()));
    }

    private void follow(UUID operation, List<URI> nodes) {
        var follower = new StreamFollower(operation, nodes, over);
        followers.add(follower);
        ends.add(threads.submit(follower));
    }

    // One row at a time: two who lock several rows in different orders would wait for each other.
    private static final String EDIT = """
            update operation set priority = priority % 100 + 1, reason = 'a second thought'
            where id = (select id from operation where status in ('pending', 'running') order by random() limit 1)
              and status in ('pending', 'running')   -- also once the lock of who ends it is gone
            """;
    private static final String CANCEL = """
            update operation set cancel_requested_at = now()
            where id = (select id from operation where status = 'running' and cancel_requested_at is null
                order by random() limit 1)
              and status = 'running'
            """;

    private void edit() throws InterruptedException {
        for (var n = 1; !over.await(50, TimeUnit.MILLISECONDS); n++) {
            try {
                edits.addAndGet(sql.sql(n % 15 == 0 ? CANCEL : EDIT).update());
            } catch (DataAccessException away) {
                log.debug("an edit was refused: {}", away.getMessage());
            }
        }
    }

    /// The audience goes on for so long while the caller waits.
    void watchesFor(Duration time) throws InterruptedException {
        over.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// How many have been given at least so many streams.
    long connected(int times) {
        return followers.stream().filter(follower -> follower.connects() >= times).count();
    }

    /// How many have seen the end.
    long atTheEnd() {
        return ends.stream().filter(Future::isDone).count();
    }

    private static final String HISTORY = """
            select operation_id, seq, event, to_status from operation_history where event <> 'progress'
                order by operation_id, seq
            """;

    private record Row(UUID operation, StreamFollower.Edge edge) {}

    /// Waits until each has seen the end, and compares: every change of state once, in order, and the operation as it
    /// is now at last.
    void judge() throws InterruptedException, ExecutionException, TimeoutException {
        for (var end : ends) {
            end.get(90, TimeUnit.SECONDS);
        }
        var history = sql.sql(HISTORY).query((row, _) -> new Row(row.getObject("operation_id", UUID.class),
                new StreamFollower.Edge(row.getInt("seq"), row.getString("event"), row.getString("to_status"))))
                .stream()
                .collect(groupingBy(Row::operation, mapping(Row::edge, toList())));
        for (var follower : followers) {
            assertThat(follower.edges()).as("what %s was told", follower)
                    .containsExactlyElementsOf(history.get(follower.operation()));
            assertThat(newest(follower.operation())).as("the last that %s was told", follower)
                    .containsExactly(follower.end().get("version").asLong(), follower.end().get("progress").asDouble(),
                            follower.end().get("status").asString());
        }
        var statuses = sql.sql("select status from operation").query(String.class).stream()
                .collect(groupingBy(status -> status, counting()));
        log.info("{} followers were given {} streams and told {} changes of state; {} edits; the operations are {}",
                followers.size(),
                followers.stream().mapToInt(StreamFollower::connects).sum(), followers.stream()
                .mapToInt(follower -> follower.edges().size()).sum(), edits, statuses);
    }

    private List<Object> newest(UUID operation) {
        return sql.sql("select version, progress::float8 as progress, status from operation where id = :id")
                .param("id", operation)
                .query((row, _) -> List.<Object>of(row.getLong("version"), row.getDouble("progress"),
                        row.getString("status"))).single();
    }

    @Override
    public void close() throws InterruptedException {
        over.countDown();
        threads.shutdownNow();
        threads.awaitTermination(30, TimeUnit.SECONDS);
    }
}
