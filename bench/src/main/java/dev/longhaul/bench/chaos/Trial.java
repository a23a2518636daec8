package dev.longhaul.bench.chaos;

import dev.longhaul.bench.chaos.cluster.Cluster;
import dev.longhaul.bench.chaos.cluster.Wait;
import dev.longhaul.bench.chaos.journal.Entry;
import dev.longhaul.bench.chaos.journal.Journal;
import dev.longhaul.bench.chaos.judge.Judge;
import dev.longhaul.bench.chaos.judge.Verdict;
import dev.longhaul.bench.chaos.load.Load;
import dev.longhaul.bench.chaos.stream.Subscribers;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/// A cluster under load, from the first submission to the quiet end.
final class Trial implements AutoCloseable {

    private static final Duration CHAINED = Duration.ofSeconds(30);
    private static final String NOT_CHAINED = "select (select count(*) from operation_history) "
            + "- (select sum(seq) from chain_digest)";

    private final Cluster cluster;
    private final Journal journal;
    private final Subscribers subscribers;
    private final Load load;
    private final Options options;

    Trial(Path root, int nodes, Options options) throws IOException, InterruptedException {
        this.options = options;
        cluster = Cluster.start(root, nodes, options.lease(), options.settings(), options.isKept());
        journal = new Journal(cluster.directory().resolve("journal.jsonl"));
        subscribers = new Subscribers(cluster, journal, options.seed(), options.heartbeat());
        load = new Load(cluster, journal, subscribers, options.seed());
        subscribers.followFeed();
        load.start();
    }

    Cluster cluster() {
        return cluster;
    }

    Journal journal() {
        return journal;
    }

    Load load() {
        return load;
    }

    /// No more load; returns when all operations, subscribers and hash chains have come to their end, or the time for
    /// that is over.
    void finish() throws InterruptedException {
        load.finish(options.lease().multipliedBy(2).plusSeconds(120));
        subscribers.finish(Duration.ofSeconds(60));
        subscribers.close();
        load.close();
        Wait.until(CHAINED, () -> cluster.sql().number(NOT_CHAINED) == 0);
    }

    List<Entry> entries() {
        return journal.entries();
    }

    List<Verdict> judge() throws SQLException {
        return cluster.sql().with(connection -> Judge.judge(connection, entries()));
    }

    @Override
    public void close() throws InterruptedException, IOException {
        subscribers.close();
        load.close();
        cluster.close();
        journal.close();
    }
}
