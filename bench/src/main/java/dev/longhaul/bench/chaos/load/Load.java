package dev.longhaul.bench.chaos.load;

import dev.longhaul.bench.chaos.cluster.Cluster;
import dev.longhaul.bench.chaos.cluster.Node;
import dev.longhaul.bench.chaos.cluster.Wait;
import dev.longhaul.bench.chaos.journal.Journal;
import dev.longhaul.bench.chaos.stream.Subscribers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicLong;

/// All clients at work, until [#finish].
public final class Load implements AutoCloseable {

    private static final int SUBMITTERS = 4;
    private static final int WORKERS = 4;
    private static final int MOST_UNFINISHED = 60;
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(90);
    private static final String UNFINISHED =
            "select count(*) from operation where status in ('pending', 'running', 'waiting')";

    private final Cluster cluster;
    private final Api api;
    private final Subscribers subscribers;
    private final long seed;
    private final Submissions submissions;
    private final Changes changes;
    private final Workflows workflows;
    private final Schedules schedules;
    private final Journal journal;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicLong keys = new AtomicLong();
    private final Phaser working = new Phaser(1);
    private volatile boolean isEnding;
    private volatile boolean isOver;
    private volatile long unfinished;

    private interface Turn {
        void take(Random random) throws InterruptedException;
    }

    public Load(Cluster cluster, Journal journal, Subscribers subscribers, long seed) {
        this.cluster = cluster;
        this.journal = journal;
        this.subscribers = subscribers;
        this.seed = seed;
        api = new Api(cluster.nodes().stream().map(Node::uri).toList(), journal);
        changes = new Changes(api, journal);
        submissions = new Submissions(api, journal, this::submitted);
        workflows = new Workflows(api, journal, subscribers::followWorkflow);
        schedules = new Schedules(api, journal);
    }

    private void submitted(String id) {
        changes.submitted(id);
        subscribers.followSome(id);
    }

    public Api api() {
        return api;
    }

    /// Returns when the remote workers have registered and the schedules exist.
    public void start() throws InterruptedException {
        for (var n = 1; n <= WORKERS; n++) {
            var worker = new RemoteWorker(api, journal, "remote-" + n, new Random(seed + 100 + n), () -> isEnding,
                    () -> isOver);
            threads.submit(() -> {
                worker.work();
                return null;
            });
        }
        Wait.until(LAST_ANSWERS, () -> cluster.sql().number("select count(*) from remote_type") > 0);
        schedules.create();
        for (var n = 0; n < SUBMITTERS; n++) {
            repeat(600, random -> submissions.one(key(), random), n);
        }
        repeat(6_000, random -> submissions.batch(key(), random), 20);
        repeat(4_000, random -> workflows.one(key(), random), 21);
        repeat(1_500, changes::cancelOne, 22);
        repeat(3_000, changes::retryOne, 23);
        threads.submit(() -> {
            for (var random = new Random(seed + 24); !isOver; Thread.sleep(700)) {
                changes.answer(random);
                unfinished = unfinished();
            }
            return null;
        });
    }

    private String key() {
        return "key-" + seed + "-" + keys.incrementAndGet();
    }

    /// @param pause the longest pause between two turns, in milliseconds
    private void repeat(int pause, Turn turn, int number) {
        working.register();
        threads.submit(() -> {
            try {
                for (var random = new Random(seed + number); !isEnding; Thread.sleep(random.nextInt(pause))) {
                    if (unfinished < MOST_UNFINISHED) {
                        turn.take(random);
                    }
                }
            } finally {
                working.arriveAndDeregister();
            }
            return null;
        });
    }

    private long unfinished() {
        try {
            return cluster.sql().number(UNFINISHED);
        } catch (SQLException down) {
            return unfinished;
        }
    }

    /// No new operations, no more deaths of workers; returns when nothing is left to do.
    ///
    /// @param most the time that the last operations may take
    /// @return false: something is left
    public boolean finish(Duration most) throws InterruptedException {
        isEnding = true;
        var phase = working.arriveAndDeregister();
        Wait.until(LAST_ANSWERS, () -> working.isTerminated() || working.getPhase() != phase);
        schedules.delete();
        return Wait.until(most, () -> cluster.sql().number(UNFINISHED) == 0);
    }

    @Override
    public void close() throws InterruptedException {
        isEnding = true;
        isOver = true;
        api.stop();
        threads.shutdownNow();
        threads.awaitTermination(10, java.util.concurrent.TimeUnit.SECONDS);
    }
}
