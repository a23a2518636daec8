package dev.longhaul.bench.chaos.stream;

import dev.longhaul.bench.chaos.cluster.Cluster;
import dev.longhaul.bench.chaos.cluster.Node;
import dev.longhaul.bench.chaos.cluster.Wait;
import dev.longhaul.bench.chaos.journal.Journal;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// All subscribers: of some operations and their reference streams, of each workflow, and of the change feed.
public final class Subscribers implements AutoCloseable {

    private static final int MOST_AT_ONCE = 40;
    private static final int FEEDS = 2;
    private static final String STATE_CHANGES =
            "select count(*) from operation_history where event <> 'progress'";

    private final Cluster cluster;
    private final Journal journal;
    private final List<URI> nodes;
    private final Random random;
    private final int silenceMillis;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Subscriber> feeds = new ArrayList<>();
    private final List<Subscriber> all = new ArrayList<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger number = new AtomicInteger();

    /// @param heartbeat of the nodes' streams
    public Subscribers(Cluster cluster, Journal journal, long seed, Duration heartbeat) {
        this.cluster = cluster;
        this.journal = journal;
        this.nodes = cluster.nodes().stream().map(Node::uri).toList();
        this.random = new Random(seed + 1);
        this.silenceMillis = (int) heartbeat.multipliedBy(3).toMillis();
    }

    /// Before the first operation is submitted, so that the change feed is whole.
    public void followFeed() {
        for (var n = 0; n < FEEDS; n++) {
            feeds.add(follow("feed", "/api/v1/events?types=state", ""));
        }
    }

    /// One operation in three.
    public synchronized void followSome(String id) {
        if (random.nextInt(3) == 0 && open.get() < MOST_AT_ONCE) {
            open.incrementAndGet();
            if (random.nextInt(4) == 0) {
                follow("reference", "/progress/" + id + "/stream", "0");
            } else {
                follow("operation", "/api/v1/operations/" + id + "/events", "0");
            }
        }
    }

    public synchronized void followWorkflow(String id) {
        if (open.get() < MOST_AT_ONCE) {
            open.incrementAndGet();
            follow("workflow", "/api/v1/workflows/" + id + "/events", "");
        }
    }

    private synchronized Subscriber follow(String kind, String path, String from) {
        var subscriber = new Subscriber(kind + "-" + number.incrementAndGet(), path, from, nodes, journal,
                new Random(random.nextLong()), silenceMillis);
        all.add(subscriber);
        threads.submit(() -> {
            try {
                subscriber.read();
            } finally {
                if (!kind.equals("feed")) {
                    open.decrementAndGet();
                }
            }
            return null;
        });
        return subscriber;
    }

    /// Returns when each has seen its end, and the feed everything that there is, or the time is over.
    public void finish(Duration most) throws InterruptedException {
        Wait.until(most, () -> open.get() == 0);
        Wait.until(most, () -> {
            var changes = cluster.sql().number(STATE_CHANGES);
            return feeds.stream().allMatch(feed -> feed.told() >= changes);
        });
    }

    @Override
    public void close() throws InterruptedException {
        all.forEach(Subscriber::close);
        threads.shutdown();
        if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
            threads.shutdownNow();
            threads.awaitTermination(10, TimeUnit.SECONDS);
        }
    }
}
