package dev.longhaul.bench.live;

import dev.longhaul.bench.Latencies;
import dev.longhaul.bench.Results;
import dev.longhaul.bench.Service;
import dev.longhaul.bench.StreamClient;
import java.time.Duration;
import java.util.Locale;

/// Many operations at once, each reporting ten times a second and watched by one stream.
final class ManyOperations {

    private static final int INTERVAL = 100;
    private static final Duration TO_OPEN = Duration.ofSeconds(8);
    private static final int WARM_UP = 5;   // seconds that do not count: the service has just started

    private final Service service;
    private final Operations operations;
    private final Results results;

    ManyOperations(Service service, Operations operations, Results results) {
        this.service = service;
        this.operations = operations;
        this.results = results;
    }

    void measure(int count, int seconds) throws Exception {
        var reports = (WARM_UP + seconds) * 1000 / INTERVAL;
        var latencies = new Latencies();
        var wholeEnds = new int[count];   // 1: the final progress came; 2: and then `done`
        var startAt = System.currentTimeMillis() + TO_OPEN.toMillis();
        var countsFrom = (startAt + WARM_UP * 1000L) * 1000;
        try (var client = new StreamClient(service.port(), (stream, _, event, bytes, from, to, readAt) -> {
            if (event == 'd') {
                wholeEnds[stream] = wholeEnds[stream] == 1 ? 2 : -1;
            } else if (event == 'p' && Told.isCompleted(bytes, from, to)) {
                wholeEnds[stream] = 1;
            } else if (event == 'p' && Told.at(bytes, from, to) > countsFrom) {
                latencies.add(readAt - Told.at(bytes, from, to));
            }
        })) {
            var ids = operations.submit(count, startAt, INTERVAL, reports);
            ids.forEach(id -> client.open("/progress/" + id + "/stream"));
            Wait.until(count + " streams", Duration.ofSeconds(60), () -> client.opened() == count);
            Wait.within(Duration.ofMillis(Math.max(0, countsFrom / 1000 - System.currentTimeMillis())), () -> false);
            var cpu = service.cpu();
            var own = ProcessHandle.current().info().totalCpuDuration().orElseThrow();
            Wait.within(Duration.ofSeconds(seconds), () -> false);
            var cpuShare = share(service.cpu().minus(cpu), seconds);
            var ownShare = share(ProcessHandle.current().info().totalCpuDuration().orElseThrow().minus(own), seconds);
            // those that have not ended by then are lost
            Wait.within(Duration.ofSeconds(60), () -> client.ended() == count);
            var lost = 0;
            for (var end : wholeEnds) {
                lost += end == 2 ? 0 : 1;
            }
            results.row("%,d operations x %d reports/s for %d s, a stream each: report() -> line".formatted(count,
                    1000 / INTERVAL, seconds), latencies);
            results.row("… lines read of reports made (the newest wins)",
                    "%,d of %,d".formatted(latencies.count(), count * seconds * 1000 / INTERVAL));
            results.row("… processors used", "service %s, client %s".formatted(cpuShare, ownShare));
            results.row("… streams without final progress and then `done`", lost + "; operations not completed: "
                    + operations.unfinished(ids));
            results.target("live.many-operations.lost", lost, 0, "");
            results.target("live.many-operations.p99", latencies.at(99), 250, "ms");
        }
    }

    private static String share(Duration cpu, int seconds) {
        return String.format(Locale.ROOT, "%.2f", cpu.toMillis() / 1000.0 / seconds);
    }
}
