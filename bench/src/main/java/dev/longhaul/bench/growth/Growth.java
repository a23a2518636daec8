package dev.longhaul.bench.growth;

import dev.longhaul.bench.Latencies;
import dev.longhaul.bench.Results;
import dev.longhaul.bench.Service;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/// `bench/run growth [rows]`: throughput, submissions, lists and counters on an empty database, and again with so many
/// finished operations; then a day of them leaves.
public final class Growth {

    private static final int ROWS = 10_000_000;
    private static final int QUICK = 200_000;
    /// What a page of the dashboard or a tool asks for. The one of a rare status has to pass by all that is finished.
    private static final Map<String, String> LISTS = new LinkedHashMap<>();
    /// What no index answers, and nothing fits.
    private static final String NOT_INDEXED = "/api/v1/operations?page_size=50&filter=input.customer.id:42";
    /// What else people look at.
    private static final Map<String, String> PAGES = new LinkedHashMap<>();
    private static final Pattern NEXT = Pattern.compile("\"next_page_token\":\"([^\"]+)\"");

    static {
        LISTS.put("newest", "{\"limit\": 50}");
        LISTS.put("failed", "{\"limit\": 50, \"status\": \"failed\"}");
        LISTS.put("of a type", "{\"limit\": 50, \"task_type\": \"type_7\"}");
        LISTS.put("running", "{\"limit\": 50, \"status\": \"running\"}");
        LISTS.put("of a type there is not", "{\"limit\": 50, \"task_type\": \"seldom\"}");
        PAGES.put("who did what", "/api/v1/audit?since=168h");
        PAGES.put("what nobody did", "/api/v1/audit?since=168h&by=nobody");
        PAGES.put("why they fail", "/api/v1/error-groups?since=168h");
        PAGES.put("numbers", "/api/v1/stats?window=168h");
        PAGES.put("types", "/api/v1/types");
    }

    private final Path root;
    private final List<String> settings;
    private final Results results;
    private final boolean quick;
    private final int rows;

    public Growth(Path root, List<String> settings, Results results, boolean quick, Optional<Integer> size) {
        this.root = root;
        this.settings = settings;
        this.results = results;
        this.quick = quick;
        this.rows = size.orElse(quick ? QUICK : ROWS);
    }

    /// What was measured at one size.
    private record Figures(double throughput, double submit, Map<String, Latencies> lists, Map<String, Latencies> pages,
            Latencies notIndexed, Latencies counters) {}

    public void run() throws Exception {
        try (var service = Service.start(root, settings); var http = HttpClient.newHttpClient()) {
            results.about(service);
            throughput(service, quick ? 5_000 : 20_000);   // to warm up
            var empty = measure(service, http, "empty");
            var begin = System.nanoTime();
            var past = new Past(service.database());
            past.write(rows);
            results.row("%,d finished operations and %,d entries of history written in".formatted(rows, 3 * rows),
                    seconds(begin));
            results.row("bytes per finished operation, indexes included",
                    ("%,.0f without input and output (operation %,.0f, history %,.0f, digest %,.0f); %,.0f with 200 "
                    + "bytes of each").formatted(
                    past.bytesPerOperation(2, "operation_past", "operation_history", "chain_digest"),
                    past.bytesPerOperation(2, "operation_past"),
                    past.bytesPerOperation(2, "operation_history"), past.bytesPerOperation(2, "chain_digest"),
                    past.bytesPerOperation(1, "operation_past", "operation_history", "chain_digest")));
            var full = measure(service, http, "%,d".formatted(rows));

            results.targetAtLeast("growth.throughput", full.throughput / empty.throughput, 0.9, "x");
            results.targetAtLeast("growth.submit", full.submit / empty.submit, 0.9, "x");
            LISTS.keySet().forEach(list -> {
                results.target("growth.list." + list.replace(' ', '-') + ".ratio",
                        full.lists.get(list).at(99) / empty.lists.get(list).at(99), 1.5, "x");
                results.target("growth.list." + list.replace(' ', '-') + ".p99", full.lists.get(list).at(99), 50, "ms");
            });
            results.target("growth.list.not-indexed.p99", full.notIndexed.at(99), 150, "ms");
            PAGES.keySet().forEach(page -> results.target("growth.page." + page.replace(' ', '-') + ".p99",
                    full.pages.get(page).at(99), 250, "ms"));
            results.target("growth.counters", full.counters.at(99), 5, "ms");
            walk(service, http);
            reports(service);
            dayLeaves(service);
        }
    }

    private Figures measure(Service service, HttpClient http, String size) throws Exception {
        var operations = quick ? 5_000 : 20_000;
        var rates = new double[quick ? 3 : 5];
        var submits = new double[rates.length];
        for (var round = 0; round < rates.length; round++) {
            var begin = System.nanoTime();
            submits[round] = operations / (Long.parseLong(service.post("/bench/run?count=" + operations)) / 1e9);
            awaitIdle(service);
            rates[round] = operations / ((System.nanoTime() - begin) / 1e9);
        }
        var lists = new LinkedHashMap<String, Latencies>();
        for (var list : LISTS.entrySet()) {
            lists.put(list.getKey(), list(http, tool(service, list.getValue())));
        }
        var pages = new LinkedHashMap<String, Latencies>();
        for (var page : PAGES.entrySet()) {
            pages.put(page.getKey(), list(http, request(service, page.getValue()).build()));
        }
        var figures = new Figures(median(rates), median(submits), lists, pages,
                list(http, request(service, NOT_INDEXED).build()), counters(service));
        results.row(size + ": submit -> completed of %,d, per second, median of %d".formatted(operations, rates.length),
                "%,.0f  (rounds %s)".formatted(figures.throughput, all(rates)));
        results.row(size + ": submitted per second, in batches of 1,000, while they are run",
                "%,.0f  (rounds %s)".formatted(figures.submit, all(submits)));
        lists.forEach((list, latencies) -> results.row(size + ": first page, " + list, latencies));
        pages.forEach((page, latencies) -> results.row(size + ": " + page, latencies));
        results.row(size + ": first page of an input that there is not, which no index knows", figures.notIndexed);
        results.row(size + ": counters", figures.counters);
        return figures;
    }

    private static double throughput(Service service, int operations) throws Exception {
        var begin = System.nanoTime();
        service.post("/bench/run?count=" + operations);
        awaitIdle(service);
        return operations / ((System.nanoTime() - begin) / 1e9);
    }

    private static double throughput(Service service, int operations, int rounds) throws Exception {
        var begin = System.nanoTime();
        for (var round = 0; round < rounds; round++) {
            throughput(service, operations);
        }
        return 1.0 * rounds * operations / ((System.nanoTime() - begin) / 1e9);
    }

    private static void awaitIdle(Service service) throws Exception {
        try (var connection = service.connect(); var statement = connection.createStatement()) {
            while (true) {
                try (var row = statement.executeQuery("""
                        select not exists (select from operation where status = 'pending' and not delayed) and not exists (select from operation where status = 'running')""")) {
                    row.next();
                    if (row.getBoolean(1)) {
                        return;
                    }
                }
                Thread.sleep(10);
            }
        }
    }

    private static HttpRequest.Builder request(Service service, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path));
    }

    private static HttpRequest tool(Service service, String arguments) {
        return request(service, "/mcp").header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"tools/call\", \"params\": {\"name\": "
                + "\"list_operations\", \"arguments\": " + arguments + "}}")).build();
    }

    private Latencies list(HttpClient http, HttpRequest request) throws Exception {
        var latencies = new Latencies();
        var calls = quick ? 100 : 300;
        for (var call = -20; call < calls; call++) {
            var begin = System.nanoTime();
            var response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200 || response.body().contains("\"isError\":true")) {
                throw new IllegalStateException("a list was answered " + response.statusCode() + " " + response.body());
            }
            if (call >= 0) {
                latencies.add((System.nanoTime() - begin) / 1_000);
            }
        }
        return latencies;
    }

    /// Page after page to the end, as a client does who wants to be sure that there is none.
    private void walk(Service service, HttpClient http) throws Exception {
        var begin = System.nanoTime();
        var slowest = 0L;
        var pages = 0;
        for (var token = Optional.of(""); token.isPresent(); pages++) {
            var asked = System.nanoTime();
            var body = http.send(request(service, NOT_INDEXED + token.map(one -> one.isEmpty()
                    ? "" : "&page_token=" + one).get()).build(), HttpResponse.BodyHandlers.ofString()).body();
            slowest = Math.max(slowest, System.nanoTime() - asked);
            token = NEXT.matcher(body).results().map(found -> found.group(1)).findFirst();
        }
        results.row("all pages of an input that there is not", "%,d pages in %s, the slowest %.0f ms".formatted(pages,
                seconds(begin), slowest / 1e6));
    }

    private Latencies counters(Service service) throws Exception {
        var latencies = new Latencies();
        try (var connection = service.connect(); var statement = connection.prepareStatement("""
                select type, queue, status, sum(number) from (
                    select type, queue, status, number from operation_count
                    union all select type, queue, to_status, number from count_delta where to_status is not null
                    union all select type, queue, from_status, -number from count_delta where from_status <> 'submitted') as counted
                group by type, queue, status""")) {
            for (var call = -20; call < (quick ? 100 : 300); call++) {
                var begin = System.nanoTime();
                statement.executeQuery().close();
                if (call >= 0) {
                    latencies.add((System.nanoTime() - begin) / 1_000);
                }
            }
        }
        return latencies;
    }

    /// Whether reports of progress are heap-only updates, as an auditor asks (db/audit/hot-updates.sql), of 200
    /// operations that report 20 times a second.
    private void reports(Service service) throws Exception {
        try (var connection = service.database().superuser().connect(); var statement = connection.createStatement()) {
            statement.execute("select pg_stat_reset()");
            statement.execute("""
                    insert into operation (type, input) select 'bench_reports', jsonb_build_object('start_at', (extract(epoch from clock_timestamp() + interval '1 second') * 1000)::bigint,
                        'interval', 50, 'reports', %d) from generate_series(1, 200)""".formatted(quick ? 50 : 150));
            awaitIdle(service);
            Thread.sleep(2_000);   // the statistics lag a second behind
            try (var rows = statement.executeQuery(Files.readString(root.resolve("db/audit/hot-updates.sql")))) {
                while (rows.next()) {
                    if (rows.getLong("reports") > 1_000) {
                        results.row("reports of progress",
                                "%,d, of which %s %% heap-only".formatted(rows.getLong("reports"),
                                rows.getBigDecimal("reports_hot")));
                        results.targetAtLeast("growth.reports-heap-only", rows.getDouble("reports_hot"), 95, "%");
                    }
                }
            }
        }
    }

    /// While operations are carried as before.
    private void dayLeaves(Service service) throws Exception {
        var operations = quick ? 10_000 : 60_000;
        var before = throughput(service, operations, 3);
        var leaves = CompletableFuture.supplyAsync(() -> retire(service));
        var begin = System.nanoTime();
        var rounds = 0;
        do {
            throughput(service, operations);
            rounds++;
        } while (!leaves.isDone());   // until it has left, since the look at a large day takes longer than a round
        var during = 1.0 * rounds * operations / ((System.nanoTime() - begin) / 1e9);
        var left = leaves.get();
        var after = throughput(service, operations, 3);
        results.row("a day of %,d operations leaves".formatted(rows / Past.DAYS),
                "%s; operations per second of %,d each: %,.0f before, %,.0f meanwhile (%d times), %,.0f after"
                .formatted(
                left, operations, before, during, rounds, after));
        results.target("growth.day-leaves", left.seconds(), 1, "s");
        results.target("growth.day-leaves.locked", left.locked(), 0.2, "s");
        results.targetAtLeast("growth.day-leaves.throughput", during / ((before + after) / 2), 0.9, "x");
    }

    /// @param looked how long it was looked at what is to leave, without a lock
    /// @param locked for how long all others waited
    private record Left(double seconds, double looked, double locked, long operations) {

        @Override
        public String toString() {
            return String.format(Locale.ROOT,
                    "%,d left after a look of %.1f s; %.2f s until it was gone from the disk, for %.3f of which "
                    + "others waited", operations, looked, seconds, locked);
        }
    }

    /// As the service does it: ten minutes of the day at a time, each in a transaction of its own, with a rest of 19
    /// times as long.
    private static Left retire(Service service) {
        try (var connection = service.connect(); var statement = connection.createStatement()) {
            var day = "'" + Past.day(Past.DAYS) + "'";
            var begun = System.nanoTime();
            for (var part = 0; part < 144; part++) {
                var look = System.nanoTime();
                statement.execute("select plan_retirement(" + day + ", " + part
                        + ", interval '3 days', interval '3 days')");
                Thread.sleep((System.nanoTime() - look) * 19 / 1_000_000);
            }
            var looked = System.nanoTime();
            try (var row = statement.executeQuery("select retired, extract(epoch from locked) from retire_partition(" + day
                    + ", interval '3 days', interval '3 days', 5000)")) {
                row.next();
                return new Left((System.nanoTime() - looked) / 1e9, (looked - begun) / 1e9, row.getDouble(2),
                        row.getLong(1));
            }
        } catch (SQLException | IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static double median(double[] values) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static String all(double[] rates) {
        return String.join(", ", Arrays.stream(rates).mapToObj(rate -> String.format(Locale.ROOT, "%,.0f", rate))
                .toList());
    }

    private static String seconds(long begin) {
        return String.format(Locale.ROOT, "%.0f s", (System.nanoTime() - begin) / 1e9);
    }
}
