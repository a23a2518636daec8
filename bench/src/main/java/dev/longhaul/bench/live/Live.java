package dev.longhaul.bench.live;

import dev.longhaul.bench.Results;
import dev.longhaul.bench.Service;
import java.util.List;

/// `bench/run live`: how long a change takes to reach who watches it, and what watching costs.
public final class Live {

    /// As it comes, but for the heap's limit and for slots enough that all the watched operations run at once.
    public static final List<String> SETTINGS = List.of("-Xmx1g", "--longhaul.engine.slots=1100");

    private final Service service;
    private final Results results;
    private final boolean quick;

    public Live(Service service, Results results, boolean quick) {
        this.service = service;
        this.results = results;
        this.quick = quick;
    }

    public void run() throws Exception {
        try (var connection = service.connect()) {
            var operations = new Operations(connection);
            new CommitToLine(service, operations, results).measure(quick ? 300 : 1_000);
            new ReportToLine(service, operations, results).measure(quick ? 300 : 1_000);
            new ManyOperations(service, operations, results).measure(quick ? 200 : 1_000, quick ? 8 : 30);
            new ManyWatchers(service, operations, results).measure(quick ? 1_000 : 10_000, quick ? 10 : 20);
        }
    }
}
