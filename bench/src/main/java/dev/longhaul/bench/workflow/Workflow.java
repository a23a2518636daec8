package dev.longhaul.bench.workflow;

import dev.longhaul.bench.Results;
import dev.longhaul.bench.Service;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// `bench/run workflow`: how fast graphs advance beside operations that wait for nobody, a wide fan-out, and ten
/// thousand schedules that are due at once.
public final class Workflow {

    private static final Duration PATIENCE = Duration.ofSeconds(100);
    private static final int ROUNDS = 3;
    /// By the counters: a question that looks at the operations themselves costs as much as what is measured.
    private static final String NOTHING_LEFT = """
            select sum(number) = 0 from (
                select number from operation_count where status in ('pending', 'running', 'waiting')
                union all select number from count_delta where to_status in ('pending', 'running', 'waiting')
                union all select -number from count_delta where from_status in ('pending', 'running', 'waiting'))
                as counted""";

    /// In the order they run.
    public enum Part {
        EDGES, FAN_OUT, SCHEDULES;

        String word() {
            return "workflow." + name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private static final String TRANSACTIONS =
            "select xact_commit from pg_stat_database where datname = current_database()";

    private final Path root;
    private final List<String> settings;
    private final Results results;
    private final boolean quick;

    /// @param settings of the service, beside its defaults
    public Workflow(Path root, List<String> settings, Results results, boolean quick) {
        this.root = root;
        this.settings = settings;
        this.results = results;
        this.quick = quick;
    }

    public static List<String> names() {
        return Stream.of(Part.values()).map(Part::word).toList();
    }

    /// @param name `workflow` for all of it
    public static Optional<Set<Part>> part(String name) {
        if (name.equals("workflow")) {
            return Optional.of(EnumSet.allOf(Part.class));
        }
        return Stream.of(Part.values()).filter(part -> part.word().equals(name)).findFirst().map(Set::of);
    }

    public void run(Set<Part> parts) throws Exception {
        try (var service = Service.start(root, settings); var connection = service.connect()) {
            results.about(service);
            for (var part : Part.values()) {
                if (parts.contains(part)) {
                    switch (part) {
                        case EDGES -> {
                            edges(connection, 100, quick ? 40 : 100);
                            edges(connection, quick ? 200 : 500, 20);
                        }
                        case FAN_OUT -> fanOut(connection, quick ? 2_000 : 10_000);
                        case SCHEDULES -> schedules(service, connection, quick ? 2_000 : 10_000);
                    }
                }
            }
        }
    }

    /// As many operations twice: waiting for nobody, and in chains, where each end releases one operation: no graph has
    /// fewer edges to share what an operation costs. Both clocks begin before the first is submitted and end with the
    /// last end, so laying out the graphs and concluding them is in it.
    private void edges(Connection connection, int chains, int length) throws Exception {
        var graph = "{\"nodes\": {" + IntStream.range(0, length)
                .mapToObj(n -> "\"n%d\": {\"type\": \"bench_noop\", \"input\": {}%s}"
                .formatted(n, n == 0 ? "" : ", \"needs\": [\"n" + (n - 1) + "\"]")).collect(Collectors.joining(", "))
                        + "}}";
        var ratios = new ArrayList<Double>();
        for (var round = 0; round <= ROUNDS; round++) {   // the first one warms up
            var plain = chains * length / time(connection, plain(chains * length));
            var linked = chains * (length - 1) / time(connection,
                    "insert into operation (type, input) select 'workflow', '" + graph + "' from generate_series(1, "
                    + chains + ")");
            if (round > 0) {
                results.row("%,d operations, waiting for nobody and as %d chains of %d, round %d"
                        .formatted(chains * length, chains, length, round),
                        "%,.0f operations/s; %,.0f edges/s: %.2f of it".formatted(plain, linked, linked / plain));
                ratios.add(linked / plain);
            }
        }
        results.targetAtLeast("workflow.edges-of-chains-of-" + length + "-over-plain", median(ratios), 0.5, "x");
    }

    private void fanOut(Connection connection, int width) throws Exception {
        var ratios = new ArrayList<Double>();
        for (var round = 0; round <= ROUNDS; round++) {
            var plain = time(connection, plain(width));
            var wide = time(connection, """
                    insert into operation (type, input) select 'workflow', jsonb_build_object('nodes', jsonb_build_object(
                        'each', jsonb_build_object('type', 'bench_noop', 'input', '{}'::jsonb, 'for_each', (select jsonb_agg(n) from generate_series(1, %d) as n)),
                        'after', jsonb_build_object('type', 'compose', 'input', '{"value": "${each.output}"}'::jsonb)))""".formatted(width));
            if (round > 0) {
                results.row("round " + round,
                        "a node of %,d operations and one behind it: %.1f s; as many that wait for nobody: %.1f s"
                        .formatted(width, wide, plain));
                ratios.add(wide / plain);
            }
        }
        results.target("workflow.fan-out-over-plain", median(ratios), 2.5, "x");
    }

    private static String plain(int count) {
        return "insert into operation (type) select 'bench_noop' from generate_series(1, " + count + ")";
    }

    private static double median(List<Double> rounds) {
        return rounds.stream().sorted().skip(rounds.size() / 2).findFirst().orElseThrow();
    }

    private void schedules(Service service, Connection connection, int count) throws Exception {
        var without = idle(service, connection, "no schedules");
        run(connection, """
                insert into schedule (name, once_at, next_run_at, next_run_computed, type) select 'bench ' || n, 'epoch'::timestamptz + interval '100 years', now() + interval '1 day', true, 'bench_noop'
                from generate_series(1, %d) as n""".formatted(count));
        var with = idle(service, connection, count + " schedules, none due");
        results.target("workflow.schedules-idle-cost", with - without, 5, "ms/s");
        run(connection,
                "update schedule set next_run_at = now() + interval '3 seconds', once_at = now() + interval '3 "
                + "seconds', next_run_computed = true, reason = 'bench' where name like 'bench %'");
        await(connection, "select count(*) >= " + count + " from scheduled_run");
        await(connection, NOTHING_LEFT);
        var last = decimal(connection,
                "select extract(epoch from max(o.started_at - f.scheduled_at)) from scheduled_run f join operation o on "
                + "o.id = f.operation_id");
        results.row(count + " schedules due at once",
                "the last operation began %.1f s later; the last was decided %.1f s later".formatted(last,
                decimal(connection, "select extract(epoch from max(decided_at - scheduled_at)) from scheduled_run")));
        results.target("workflow.schedules-all-started", last, 10, "s");
    }

    /// @return milliseconds of the service's processor time per second
    private double idle(Service service, Connection connection, String what) throws Exception {
        Thread.sleep(5_000);   // what the parts before have left is folded and sealed
        var before = service.cpu();
        var transactions = number(connection, TRANSACTIONS);
        Thread.sleep(20_000);
        var spent = service.cpu().minus(before).toMillis() / 20.0;
        results.row(what, "%.1f ms of processor per second, %d transactions in 20 s".formatted(spent,
                number(connection, TRANSACTIONS) - transactions));
        return spent;
    }

    /// Seconds from before the submission until nothing is left to do.
    private static double time(Connection connection, String submission) throws Exception {
        var begin = System.nanoTime();
        run(connection, submission);
        await(connection, NOTHING_LEFT);
        return (System.nanoTime() - begin) / 1e9;
    }

    private static void await(Connection connection, String condition) throws Exception {
        var until = System.nanoTime() + PATIENCE.toNanos();
        try (var statement = connection.prepareStatement(condition)) {
            while (System.nanoTime() < until) {
                try (var row = statement.executeQuery()) {
                    if (row.next() && row.getBoolean(1)) {
                        return;
                    }
                }
                Thread.sleep(20);
            }
        }
        throw new IllegalStateException("not over after " + PATIENCE.toSeconds() + " s");
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long number(Connection connection, String sql) throws SQLException {
        return (long) decimal(connection, sql);
    }

    private static double decimal(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement(); var row = statement.executeQuery(sql)) {
            row.next();
            return row.getDouble(1);
        }
    }
}
