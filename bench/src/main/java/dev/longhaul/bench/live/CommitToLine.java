package dev.longhaul.bench.live;

import dev.longhaul.bench.Latencies;
import dev.longhaul.bench.Results;
import dev.longhaul.bench.Service;
import dev.longhaul.bench.StreamClient;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.postgresql.PGConnection;

/// One stream on an idle service beside the raw limit, a plain JDBC LISTEN loop on the same database: both hear the
/// same commits, and both clocks begin before the UPDATE is sent.
final class CommitToLine {

    private static final int WARM_UP = 300;

    private final Service service;
    private final Operations operations;
    private final Results results;
    private final AtomicLong rawAt = new AtomicLong();
    private final AtomicInteger rawHeard = new AtomicInteger();
    private final AtomicLong lineAt = new AtomicLong();
    private final AtomicInteger linesRead = new AtomicInteger();
    private volatile boolean stopped;

    CommitToLine(Service service, Operations operations, Results results) {
        this.service = service;
        this.operations = operations;
        this.results = results;
    }

    void measure(int rounds) throws Exception {
        var raw = new Latencies();
        var line = new Latencies();
        var id = operations.park();
        try (var listening = service.connect();
             var client = new StreamClient(service.port(), (_, _, _, _, _, _, _) -> {
                 lineAt.set(System.nanoTime());
                 linesRead.incrementAndGet();
             })) {
            try (var statement = listening.createStatement()) {
                statement.execute("listen operation_changed");
            }
            var listener = Thread.ofPlatform().daemon().start(() -> listen(listening));
            client.open("/progress/" + id + "/stream");
            Wait.until("the stream's first line", Duration.ofSeconds(10), () -> linesRead.get() == 1);
            for (var round = 1; round <= WARM_UP + rounds; round++) {
                var expected = round;
                var begin = System.nanoTime();
                operations.change(id, "change " + round);
                Wait.until("change " + round + " at both", Duration.ofSeconds(10), () -> linesRead.get() == expected + 1
                        && rawHeard.get() == expected);
                if (round > WARM_UP) {
                    raw.add((rawAt.get() - begin) / 1000);
                    line.add((lineAt.get() - begin) / 1000);
                }
                Thread.sleep(10);   // idle again
            }
            stopped = true;
            listener.join();
        }
        results.row("commit -> raw LISTEN loop (pgjdbc)", raw);
        results.row("commit -> client's line, 1 stream, idle", line);
        results.target("live.commit-to-line.p50-over-raw", line.at(50) / raw.at(50), 3, "x");
        results.target("live.commit-to-line.p99-minus-raw", line.at(99) - raw.at(99), 10, "ms");
    }

    private void listen(Connection connection) {
        try {
            var notifications = connection.unwrap(PGConnection.class);
            while (!stopped) {
                var received = notifications.getNotifications(1_000);
                if (received != null && received.length > 0) {
                    rawAt.set(System.nanoTime());
                    rawHeard.addAndGet(received.length);
                }
            }
        } catch (SQLException broken) {
            throw new IllegalStateException("the raw LISTEN loop broke", broken);
        }
    }
}
