package dev.longhaul.bench.api;

import dev.longhaul.bench.Results;
import dev.longhaul.bench.Service;
import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/// 20 workers outside that do nothing, as fast as the protocol lets them: each turn ends what the one before claimed,
/// and claims the next.
final class RemoteWorkers {

    private static final int WORKERS = 20;
    private static final int BATCH = 100;
    private static final Pattern CLAIM =
            Pattern.compile("\"operation_id\":\"([0-9a-f-]{36})\",\"run_id\":\"([0-9a-f-]{36})\"");

    private final Service service;
    private final Results results;
    private String spent = "";

    RemoteWorkers(Service service, Results results) {
        this.service = service;
        this.results = results;
    }

    void measure(int count) throws Exception {
        turns(count / 2);   // to warm up
        var rates = new ArrayList<Double>();
        for (var round = 0; round < 3; round++) {
            rates.add(turns(count));
        }
        results.row("processor for each operation of the last round", spent);
        rates.sort(null);
        results.row(WORKERS + " remote workers, turns of up to " + BATCH, "%,.0f operations/s (median of %s)"
                .formatted(rates.get(1), rates.stream().map("%,.0f"::formatted).toList()));
        results.row("1 of them, claim and run:complete one by one", "%,.0f operations/s".formatted(oneByOne(2_000)));
        results.targetAtLeast("api.remote-operations", rates.get(1), 5_000, "/s");
    }

    /// From the first claim to the last end, with all of them waiting beforehand.
    private double turns(int count) throws Exception {
        submit(count);
        var left = new AtomicInteger(count);
        var connections = new ArrayList<KeepAlive>();
        var ids = new ArrayList<String>();
        for (var n = 0; n < WORKERS; n++) {
            connections.add(new KeepAlive(service.port()));
            ids.add(register(connections.getLast(), "bench-" + n));
        }
        var cpu = service.cpu();
        var database = service.database().cpu();
        var begin = System.nanoTime();
        try (var threads = Executors.newFixedThreadPool(WORKERS)) {
            var all = new ArrayList<Future<?>>();
            for (var n = 0; n < WORKERS; n++) {
                var connection = connections.get(n);
                var id = ids.get(n);
                all.add(threads.submit(() -> {
                    work(connection, id, left);
                    return null;
                }));
            }
            for (var one : all) {
                one.get();
            }
        }
        var rate = count / ((System.nanoTime() - begin) / 1e9);
        spent = "service %.0f us, database %.0f us".formatted(service.cpu().minus(cpu).toNanos() / 1e3 / count,
                service.database().cpu().minus(database).toNanos() / 1e3 / count);
        for (var n = 0; n < WORKERS; n++) {
            connections.get(n).expect(204, KeepAlive.request("DELETE", "/api/v1/workers/" + ids.get(n), ""));
            connections.get(n).close();
        }
        return rate;
    }

    private static void work(KeepAlive connection, String worker, AtomicInteger left) throws IOException {
        var words = "";
        var claimed = 0;
        while (left.get() > 0 || claimed > 0) {
            var answer = connection.expect(200, KeepAlive.request("POST", "/api/v1/workers/" + worker + ":sync",
                    "{\"runs\":[" + words + "],\"claim\":{\"max\":" + BATCH + ",\"wait_seconds\":0.1}}")).text();
            left.addAndGet(-claimed);
            var next = new StringBuilder();
            claimed = 0;
            for (var claim = CLAIM.matcher(answer); claim.find(); claimed++) {
                next.append(claimed == 0 ? "" : ",").append("{\"operation_id\":\"").append(claim.group(1))
                        .append("\",\"complete\":{\"run_id\":\"").append(claim.group(2)).append("\"}}");
            }
            words = next.toString();
        }
    }

    private double oneByOne(int count) throws Exception {
        submit(count);
        try (var connection = new KeepAlive(service.port())) {
            var worker = register(connection, "bench-alone");
            var begin = System.nanoTime();
            for (var n = 0; n < count; n++) {
                var claim = CLAIM.matcher(connection.expect(200, KeepAlive.request("POST", "/api/v1/workers/" + worker
                        + ":claim", "{\"wait_seconds\":5}")).text());
                claim.find();
                connection.expect(204, KeepAlive.request("POST", "/api/v1/operations/" + claim.group(1)
                        + "/run:complete", "{\"run_id\":\"" + claim.group(2) + "\"}"));
            }
            var rate = count / ((System.nanoTime() - begin) / 1e9);
            connection.expect(204, KeepAlive.request("DELETE", "/api/v1/workers/" + worker, ""));
            return rate;
        }
    }

    private void submit(int count) throws Exception {
        try (var connection = new KeepAlive(service.port())) {
            register(connection, "bench-submitter");
            for (var left = count; left > 0; left -= 1_000) {
                var one = "{\"type\":\"bench_remote\",\"queue\":\"bench-remote\"},";
                var all = one.repeat(Math.min(1_000, left));
                connection.expect(202, KeepAlive.request("POST", "/api/v1/operations:batchCreate", "{\"operations\":["
                        + all.substring(0, all.length() - 1) + "]}"));
            }
        }
    }

    private static String register(KeepAlive connection, String name) throws IOException {
        return connection.expect(201, KeepAlive.request("POST", "/api/v1/workers", "{\"name\":\"" + name
                + "\",\"only\":true,\"types\":[{\"type\":\"bench_remote\"}],\"queues\":[\"bench-remote\"]}"))
                .text().replaceFirst("(?s).*?\"worker_id\":\"([^\"]+)\".*", "$1");
    }
}
