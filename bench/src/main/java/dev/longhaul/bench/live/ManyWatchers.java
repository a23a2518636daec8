package dev.longhaul.bench.live;

import dev.longhaul.bench.Latencies;
import dev.longhaul.bench.Results;
import dev.longhaul.bench.Service;
import dev.longhaul.bench.StreamClient;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/// One operation with very many watchers: what they cost while nothing happens, and how soon all of them have a change.
final class ManyWatchers {

    private static final int WARM_UP = 5;

    private final Service service;
    private final Operations operations;
    private final Results results;
    private final AtomicInteger read = new AtomicInteger();
    private volatile long changedAt;
    private volatile long lastAt;
    private volatile Latencies each = new Latencies();

    ManyWatchers(Service service, Operations operations, Results results) {
        this.service = service;
        this.operations = operations;
        this.results = results;
    }

    void measure(int count, int rounds) throws Exception {
        var id = operations.park();
        try (var client = new StreamClient(service.port(), (_, _, _, _, _, _, _) -> heard())) {
            var before = service.heap();
            var rssBefore = service.residentMegabytes();
            var begin = System.nanoTime();
            for (var n = 0; n < count; n++) {
                client.open("/progress/" + id + "/stream");
            }
            var all = Wait.within(Duration.ofSeconds(90), () -> read.get() == count);
            results.row("%,d streams of one operation".formatted(count),
                    "%,d open with their first line after %.1f s, %,d refused"
                    .formatted(client.opened(), (System.nanoTime() - begin) / 1e9, client.refused()));
            tellHeap(before, service.heap(), client.opened(), rssBefore);
            if (!all) {
                results.target("live.many-watchers.missing", count - client.opened(), 0, "");
                return;
            }
            var lasts = new Latencies();
            for (var round = 1; round <= WARM_UP + rounds; round++) {
                if (round == WARM_UP + 1) {
                    each = new Latencies();
                    lasts = new Latencies();
                }
                read.set(0);
                changedAt = System.nanoTime();
                operations.change(id, "change " + round);
                Wait.until("change " + round + " at all", Duration.ofSeconds(30), () -> read.get() == count);
                lasts.add((lastAt - changedAt) / 1000);
                Thread.sleep(200);
            }
            results.row("… a change -> each of them", each);
            results.row("… a change -> the last of them", lasts);
            results.target("live.many-watchers.all-have-it", lasts.at(50), 400, "ms");
        }
    }

    private void heard() {
        lastAt = System.nanoTime();
        if (changedAt != 0) {
            each.add((lastAt - changedAt) / 1000);
        }
        read.incrementAndGet();
    }

    private void tellHeap(Map<String, Long> before, Map<String, Long> after, int streams, long rssBefore)
            throws Exception {
        var bytes = (sum(after) - sum(before)) / Math.max(1, streams);
        var largest = after.entrySet().stream()
                .map(type -> Map.entry(type.getKey(), (type.getValue() - before.getOrDefault(type.getKey(), 0L)) / Math
                        .max(1, streams)))
                .sorted(Comparator.comparing(Map.Entry<String, Long>::getValue).reversed()).limit(8)
                .map(type -> "%s %,d".formatted(type.getKey(), type.getValue())).collect(Collectors.joining(", "));
        results.row("… heap of an idle stream", "%,d bytes: %s".formatted(bytes, largest));
        results.row("… service resident", "%,d MB, %,d before".formatted(service.residentMegabytes(), rssBefore));
        results.target("live.idle-stream.heap", bytes / 1024.0, 20, "kB");
    }

    private static long sum(Map<String, Long> heap) {
        return heap.values().stream().mapToLong(Long::longValue).sum();
    }
}
