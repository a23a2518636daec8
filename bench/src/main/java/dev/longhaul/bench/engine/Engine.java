package dev.longhaul.bench.engine;

import dev.longhaul.bench.Database;
import dev.longhaul.bench.Results;
import dev.longhaul.bench.Service;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// `bench/run engine`: how fast operations are carried, beside the raw limit and the peers.
public final class Engine {

    /// In the order they run.
    public enum Part {
        THROUGHPUT, STEADY, RAW, BULK, LATENCY, IDLE, NODES, SLEEPING, START_UP;

        String word() {
            return "engine." + name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Path root;
    private final List<String> settings;
    private final Results results;
    private final boolean quick;
    private final Optional<Integer> size;

    /// @param settings of the service, beside its defaults
    /// @param size     how many operations, instead of as many as a part takes by itself
    public Engine(Path root, List<String> settings, Results results, boolean quick, Optional<Integer> size) {
        this.root = root;
        this.settings = settings;
        this.results = results;
        this.quick = quick;
        this.size = size;
    }

    public static List<String> names() {
        return Stream.of(Part.values()).map(Part::word).toList();
    }

    /// @param name `engine` for all of it
    public static Optional<Set<Part>> part(String name) {
        if (name.equals("engine")) {
            return Optional.of(EnumSet.complementOf(EnumSet.of(Part.RAW)));   // throughput has it
        }
        return Stream.of(Part.values()).filter(part -> part.word().equals(name)).findFirst().map(Set::of);
    }

    public void run(Set<Part> parts) throws Exception {
        for (var part : Part.values()) {
            if (parts.contains(part)) {
                try {
                    run(part);
                } catch (InterruptedException stopped) {
                    throw stopped;
                } catch (Exception broken) {
                    results.row(part.word(), "broke: " + broken);
                    results.target(part.word() + ".works", Double.NaN, 1, "");
                }
            }
        }
    }

    private void run(Part part) throws Exception {
        switch (part) {
            case THROUGHPUT -> throughput(size.orElse(quick ? 10_000 : 50_000), quick ? 1 : 3, Field.values());
            case STEADY -> steady();
            case RAW -> throughput(size.orElse(quick ? 10_000 : 50_000), quick ? 3 : 5, Field.RAW);
            case BULK -> alone(List.of("--longhaul.engine.enabled=false"), service -> new Bulk(service, root, results)
                    .measure(size.orElse(quick ? 20_000 : 50_000), 3));
            case LATENCY -> alone(List.of(), service -> new Idle(service, results)
                    .latency(size.orElse(quick ? 300 : 1_000)));
            case IDLE -> alone(List.of(), service -> new Idle(service, results).rest(quick ? 20 : 60));
            case NODES -> new Nodes(root, settings, results).measure(size.orElse(quick ? 5_000 : 20_000), 3, quick
                    ? 10 : 600);
            case SLEEPING -> alone(List.of(), service -> new Idle(service, results).sleeping(size.orElse(10_000), quick
                    ? 15 : 30));
            case START_UP -> new StartUp(root, results).measure(quick ? 1 : 3);
        }
    }

    private interface Work {
        void on(Service service) throws Exception;
    }

    private void alone(List<String> more, Work work) throws Exception {
        try (var service = Service.start(root, Stream.concat(settings.stream(), more.stream()).toList())) {
            results.about(service);
            work.on(service);
        }
    }

    /// Against whom.
    private enum Field { RAW, DB_SCHEDULER, JOBRUNR, QUARTZ, PG_BOSS, GRAPHILE_WORKER }

    private void throughput(int operations, int rounds, Field... field) throws Exception {
        try (var service = Service.start(root, settings)) {
            results.about(service);
            var contestants = new ArrayList<Contestant>();
            try {
                contestants.add(new LonghaulService(service, settings));
                for (var peer : field) {
                    try {
                        contestants.add(enter(peer, service.database()));
                    } catch (IOException | SQLException absent) {
                        results.row(peer.toString(), "did not start: " + absent.getMessage());
                    }
                }
                var rates = new Throughput(service.database(), results).measure(contestants, operations, rounds);
                var ours = rates.get("Longhaul");
                results.targetAtLeast("engine.throughput.over-raw", ours / best(rates, "raw SQL"), 0.6, "x");
                if (field.length > 1) {
                    results.targetAtLeast("engine.throughput.over-jvm-peers",
                            ours / best(rates, "db-scheduler", "JobRunr", "Quartz JDBC"), 3, "x");
                    results.targetAtLeast("engine.throughput.over-node-peers",
                            ours / best(rates, "pg-boss", "graphile-worker"), 1.2, "x");
                }
            } finally {
                for (var contestant : contestants) {
                    contestant.close();
                }
            }
        }
    }

    private void steady() throws Exception {
        try (var service = Service.start(root, settings)) {
            results.about(service);
            var database = service.database();
            try (var ours = new LonghaulService(service, settings);
                    var dbScheduler = DbScheduler.immediate(database.create("db_scheduler"));
                    var graphile = NodePeer.graphileWorker(root, database.create("graphile_worker"));
                    var pgBoss = NodePeer.pgBoss(root, database.create("pg_boss"))) {
                new Steady(database, results, quick).measure(List.of(ours, dbScheduler, graphile, pgBoss));
            }
        }
    }

    private Contestant enter(Field peer, Database database) throws Exception {
        var login = database.create(peer.name().toLowerCase(Locale.ROOT));
        return switch (peer) {
            case RAW -> new RawSql(login, root);
            case DB_SCHEDULER -> DbScheduler.forThroughput(login);
            case JOBRUNR -> new JobRunner(login);
            case QUARTZ -> new Quartz(login);
            case PG_BOSS -> NodePeer.pgBoss(root, login);
            case GRAPHILE_WORKER -> NodePeer.graphileWorker(root, login);
        };
    }

    private static double best(Map<String, Double> rates, String... names) {
        return Stream.of(names).mapToDouble(name -> rates.getOrDefault(name, Double.NaN)).max().orElseThrow();
    }
}
