package dev.longhaul.bench.live;

import dev.longhaul.bench.Latencies;
import dev.longhaul.bench.Results;
import dev.longhaul.bench.Service;
import dev.longhaul.bench.StreamClient;
import java.time.Duration;

/// From a task's call of `report` to the line its one watcher reads, with reports gathered as they always are.
final class ReportToLine {

    private static final int INTERVAL = 30;
    private static final int WARM_UP = 100;

    private final Service service;
    private final Operations operations;
    private final Results results;

    ReportToLine(Service service, Operations operations, Results results) {
        this.service = service;
        this.operations = operations;
        this.results = results;
    }

    void measure(int reports) throws Exception {
        var latencies = new Latencies();
        var count = new int[1];
        try (var client = new StreamClient(service.port(), (_, _, event, bytes, from, to, readAt) -> {
            var toldAt = event == 'p' && !Told.isCompleted(bytes, from, to) ? Told.at(bytes, from, to) : 0;
            if (toldAt > 0 && ++count[0] > WARM_UP) {
                latencies.add(readAt - toldAt);
            }
        })) {
            var ids = operations.submit(1, System.currentTimeMillis() + 1_500, INTERVAL, WARM_UP + reports);
            client.open("/progress/" + ids.getFirst() + "/stream");
            Wait.until("the end of the reports", Duration.ofSeconds(30)
                    .plusMillis((long) INTERVAL * (WARM_UP + reports)), () -> client.ended() == 1);
        }
        results.row("report() -> client's line, 1 stream, a report every " + INTERVAL + " ms", latencies);
        results.target("live.report-to-line.p50", latencies.at(50), 15, "ms");
        results.target("live.report-to-line.p99", latencies.at(99), 40, "ms");
    }
}
