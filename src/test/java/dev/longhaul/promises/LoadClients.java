package dev.longhaul.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.ReferenceClient;
import java.io.IOException;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/// Customers who start one short operation after another, and ask again with the same idempotency key until they are
/// answered.
final class LoadClients implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LoadClients.class);
    private final String name = "customers-" + UUID.randomUUID() + "-";
    private final AtomicInteger refused = new AtomicInteger();
    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<List<String>>> acknowledged;

    /// @param pause between two operations of one customer, in milliseconds
    LoadClients(int count, int pause, URI... services) {
        acknowledged = IntStream.range(0, count).mapToObj(_ -> threads.submit(() -> startForAWhile(pause, services)))
                .toList();
    }

    private List<String> startForAWhile(int pause, URI... services) throws InterruptedException {
        var ids = new ArrayList<String>();
        while (!over.await(pause, TimeUnit.MILLISECONDS)) {
            ids.add(start(name + UUID.randomUUID(), services));
        }
        return ids;
    }

    private String start(String key, URI... services) throws InterruptedException {
        for (var turn = 0; ; turn++) {
            try {
                var answer = new ReferenceClient(services[turn % services.length]).call("start_long_task",
                        "{\"task_type\": \"simulation\", \"duration_seconds\": 0.2, \"steps\": 2, "
                        + "\"idempotency_key\": \"" + key + "\"}");
                if (answer.path("status").asString("").equals("success")) {
                    return answer.at("/data/operation_id").asString();
                }
            } catch (IOException | JacksonException unanswered) {
                log.debug("unanswered", unanswered);
            }
            refused.incrementAndGet();
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /// How often they had to ask again.
    int refused() {
        return refused.get();
    }

    /// They start no more; all they were promised has to come, once, with its whole history.
    void judge(HistoryChecker judge) throws InterruptedException, ExecutionException {
        over.countDown();
        var promised = new ArrayList<String>();
        for (var one : acknowledged) {
            promised.addAll(one.get());
        }
        await().atMost(Duration.ofMinutes(1)).ignoreExceptions()
                .until(() -> judge.count("select count(*) from operation where finished_at is null") == 0);
        assertThat(promised).as("acknowledged operations").hasSizeGreaterThan(10).doesNotHaveDuplicates();
        assertThat(judge.ids("select o.id::text from operation o join idempotency_key k on k.operation_id = o.id "
                + "where k.key like '" + name + "%'"))
                .as("one operation for every acknowledged request, and no others")
                .containsExactlyInAnyOrderElementsOf(promised);
        judge.areCompletedOnce(promised);
        judge.historiesAreWhole();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }
}
