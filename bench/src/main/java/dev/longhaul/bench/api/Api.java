package dev.longhaul.bench.api;

import dev.longhaul.bench.Latencies;
import dev.longhaul.bench.Results;
import dev.longhaul.bench.Service;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/// `bench/run api`: 64 connections that read and submit, and 20 remote workers.
public final class Api {

    /// In the order they run.
    public enum Part {
        GETS, SUBMITS, WORKERS;

        String word() {
            return "api." + name().toLowerCase(Locale.ROOT);
        }
    }

    private static final String SUBMISSION =
            "{\"type\": \"bench_nobody\", \"queue\": \"bench-api\", \"delay\": \"30d\", \"input\": {}}";

    private final Service service;
    private final Results results;
    private final boolean quick;
    private final Crowd crowd;

    public Api(Service service, Results results, boolean quick) {
        this.service = service;
        this.results = results;
        this.quick = quick;
        this.crowd = new Crowd(service.port());
    }

    public static List<String> names() {
        return Stream.of(Part.values()).map(Part::word).toList();
    }

    /// @param name `api` for all of it
    public static Optional<Set<Part>> part(String name) {
        if (name.equals("api")) {
            return Optional.of(EnumSet.allOf(Part.class));
        }
        return Stream.of(Part.values()).filter(part -> part.word().equals(name)).findFirst().map(Set::of);
    }

    public void run(Set<Part> parts) throws Exception {
        for (var part : Part.values()) {
            if (parts.contains(part)) {
                switch (part) {
                    case GETS -> gets();
                    case SUBMITS -> submits();
                    case WORKERS -> new RemoteWorkers(service, results).measure(quick ? 20_000 : 60_000);
                }
            }
        }
    }

    private void gets() throws Exception {
        var ids = new ArrayList<String>();
        try (var connection = new KeepAlive(service.port())) {
            var submission = KeepAlive.request("POST", "/api/v1/operations",
                    "{\"type\": \"simulation\", \"input\": {\"duration_seconds\": 0, \"steps\": 3}, \"tags\": "
                    + "[\"nightly\"], \"metadata\": {\"tenant\": \"acme\"}}");
            for (var n = 0; n < Crowd.CONNECTIONS; n++) {
                ids.add(connection.expect(202, submission).text().replaceFirst("(?s).*?\"operation_id\":\"([^\"]+)\".*",
                        "$1"));
            }
            for (var id : ids) {
                connection.expect(200, get("/api/v1/operations/" + id + "?wait=30s"));
            }
            connection.expect(200, get("/api/v1/operations/" + ids.getFirst()));
            remember(connection, ids.getFirst());
        }
        compare("get by id", "api.get-over-constant", 200, n -> get("/api/v1/operations/" + ids.get(n)),
                n -> get("/api/v1/bench/constant/" + ids.get(n)), 0.6);
    }

    /// The constant is what a get of this operation was answered.
    private void remember(KeepAlive connection, String id) throws IOException {
        var answer = connection.expect(200, get("/api/v1/operations/" + id));
        connection.expect(200, KeepAlive.request("POST", "/api/v1/bench/constant", answer.text()));
    }

    private void submits() throws Exception {
        try (var connection = new KeepAlive(service.port())) {
            connection.expect(201,
                    KeepAlive.request("POST", "/api/v1/workers",
                    "{\"name\": \"bench\", \"types\": [{\"type\": \"bench_nobody\"}], \"queues\": [\"bench-nothing\"]}"));
            var answer = connection.expect(202, KeepAlive.request("POST", "/api/v1/operations", SUBMISSION));
            connection.expect(200, KeepAlive.request("POST", "/api/v1/bench/constant", answer.text()));
        }
        compare("submit", "api.submit-over-constant", 202, _ -> KeepAlive.request("POST", "/api/v1/operations",
                SUBMISSION), _ -> KeepAlive.request("POST", "/api/v1/bench/accept", SUBMISSION), 0);
    }

    /// In turns, so that what else the machine does strikes both.
    private void compare(String what, String target, int expected, IntFunction<byte[]> real,
            IntFunction<byte[]> constant, double least) throws Exception {
        crowd.ask(expected, quick ? 5 : 10, constant);
        crowd.ask(expected, quick ? 10 : 20, real);
        var ratios = new ArrayList<Double>();
        for (var round = 0; round < (quick ? 3 : 5); round++) {
            var plain = measured(expected, constant);
            var seen = measured(expected, real);
            ratios.add(seen.rate / plain.rate);
            results.row(what + ", " + Crowd.CONNECTIONS + " connections", seen);
            results.row("the same, a constant", "%s; ratio %.2f".formatted(plain, seen.rate / plain.rate));
        }
        ratios.sort(null);
        if (least > 0) {
            results.targetAtLeast(target, ratios.get(ratios.size() / 2), least, "x");
        }
    }

    /// @param service  microseconds of processor for each request, as is `database`
    private record Measured(double rate, Latencies latencies, double service, double database) {

        @Override
        public String toString() {
            return "%,.0f/s, %s; processor: service %.0f us, database %.0f us".formatted(rate, latencies, service,
                    database);
        }
    }

    private Measured measured(int expected, IntFunction<byte[]> requests) throws Exception {
        var service = this.service.cpu();
        var database = this.service.database().cpu();
        var seen = crowd.ask(expected, quick ? 4 : 6, requests);
        return new Measured(seen.rate(), seen.latencies(), micros(this.service.cpu().minus(service), seen),
                micros(this.service.database().cpu().minus(database), seen));
    }

    private static double micros(Duration spent, Crowd.Seen seen) {
        return spent.toNanos() / 1e3 / seen.latencies().count();
    }

    private static byte[] get(String path) {
        return KeepAlive.request("GET", path, "");
    }
}
