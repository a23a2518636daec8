package dev.longhaul.bench.live;

import dev.longhaul.bench.Results;
import dev.longhaul.bench.Service;
import dev.longhaul.bench.StreamClient;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// Watchers that come, read one line and go without a word: nothing of them may stay.
final class ComingAndGoing {

    private static final int AT_ONCE = 250;

    private final Service service;
    private final Operations operations;
    private final Results results;

    ComingAndGoing(Service service, Operations operations, Results results) {
        this.service = service;
        this.operations = operations;
        this.results = results;
    }

    void measure(int rounds) throws Exception {
        var id = operations.park();
        come("/progress/" + id + "/stream", rounds / 10);   // to warm up: pools and caches fill
        var before = live();
        come("/progress/" + id + "/stream", rounds);
        var after = live();
        results.row("heap after %,d watchers came and went".formatted(rounds),
                "%,d kB, %,d kB before".formatted(after / 1024, before / 1024));
        results.target("live.coming-and-going.bytes-left-each", (after - before) / (double) rounds, 16, "B");
    }

    /// A stream that its client left is noticed with the next heartbeat.
    private long live() throws Exception {
        Thread.sleep(Duration.ofSeconds(35));
        return service.heap().values().stream().mapToLong(Long::longValue).sum();
    }

    private void come(String path, int rounds) throws Exception {
        for (var left = rounds; left > 0; left -= AT_ONCE) {
            var read = new AtomicInteger();
            try (var client = new StreamClient(service.port(), (_, _, _, _, _, _, _) -> read.incrementAndGet())) {
                for (var n = 0; n < AT_ONCE; n++) {
                    client.open(path);
                }
                Wait.until(AT_ONCE + " first lines", Duration.ofSeconds(60), () -> read.get() == AT_ONCE);
            }
        }
    }
}
