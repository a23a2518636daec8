package dev.longhaul.bench.chaos;

import dev.longhaul.bench.chaos.fault.Fault;
import dev.longhaul.bench.chaos.fault.Rounds;
import dev.longhaul.bench.chaos.journal.Entry.Told;
import dev.longhaul.bench.chaos.judge.SelfTest;
import dev.longhaul.bench.chaos.judge.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/// `bench/chaos` ends here. Its status, for which Maven has no place, is written to a file: 0, no promise is violated;
/// 1, one is, or the judge misses a planted bug; 2, the arguments are wrong.
public final class Chaos {

    private static final int NODES = 3;
    private static final int SELF_TEST_SECONDS = 25;

    private Chaos() {
    }

    public static void main(String[] arguments) throws Exception {
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage() + "\n" + Options.USAGE);
            end(2);
            return;
        }
        var root = Path.of(System.getProperty("bench.root"));
        end((options.isSelfTest() ? selfTest(root, options) : rounds(root, options)) ? 0 : 1);
    }

    private static void end(int status) throws IOException {
        Files.writeString(Path.of(System.getProperty("chaos.status")), String.valueOf(status));
        System.exit(0);   // the HTTP client leaves threads behind
    }

    private static boolean rounds(Path root, Options options) throws Exception {
        System.out.printf("bench/chaos: seed %d, %d nodes, lease %s, at most %d minutes%n", options.seed(), NODES,
                options.lease(), options.minutes());
        var faults = Fault.all().stream().filter(fault -> fault.name().contains(options.fault())).toList();
        try (var trial = new Trial(root, NODES, options)) {
            var rounds = new Rounds(trial.cluster(), trial.journal(), options.seed(), faults);
            rounds.run(options.rounds(), Duration.ofMinutes(options.minutes()));
            System.out.println("the load ends");
            trial.finish();
            var verdicts = trial.judge();
            tell(options, trial, rounds, verdicts);
            return verdicts.stream().noneMatch(Verdict::isViolated);
        }
    }

    private static final String COUNTS = """
            select format('%s operations (%s completed, %s failed, %s cancelled), %s runs in %s attempts, '
                          '%s rescues, the latest %s s after the lease had expired, %s history entries, %s steps, '
                          '%s scheduled runs, %s workflows',
                count(*), count(*) filter (where status = 'completed'), count(*) filter (where status = 'failed'),
                count(*) filter (where status = 'cancelled'),
                (select count(*) from operation_history where event = 'status' and to_status = 'running'),
                sum(attempt),
                (select count(*) from operation_history where reason = 'worker lease expired'),
                (select round(extract(epoch from max(h.at - w.lease_until)), 1)
                 from operation_history h join worker w on w.id = h.worker_id
                 where h.reason = 'worker lease expired'),
                (select count(*) from operation_history), (select count(*) from operation_step),
                (select count(*) from scheduled_run), (select count(*) from workflow))
            from operation
            """;

    private static void tell(Options options, Trial trial, Rounds rounds, List<Verdict> verdicts)
            throws SQLException {
        System.out.println("\n| fault | rounds that bit | rounds that did not |\n|---|---|---|");
        rounds.counts().forEach((fault, counts) -> System.out.printf("| %s | %d | %d |%n", fault, counts[0],
                counts[1]));
        System.out.printf("| all | %d | %d |%n%n", rounds.bitten(), rounds.counts().values().stream()
                .mapToInt(counts -> counts[1]).sum());
        System.out.println(trial.cluster().sql().list(COUNTS, row -> row.getString(1)).getFirst());
        System.out.printf("%,d requests answered, %,d unanswered and repeated; %,d events told on %,d streams%n%n",
                trial.load().api().answered(), trial.load().api().unanswered(),
                told(trial).size(), told(trial).stream().map(one -> one.subscriber() + " " + one.stream()).distinct()
                .count());
        verdicts.forEach(System.out::println);
        var violated = verdicts.stream().filter(Verdict::isViolated).count();
        System.out.printf("%nseed %d: %s%n", options.seed(), violated == 0 ? "no promise is violated"
                : violated + " promises are VIOLATED");
    }

    private static List<Told> told(Trial trial) {
        return trial.entries().stream().filter(Told.class::isInstance).map(Told.class::cast).toList();
    }

    private static boolean selfTest(Path root, Options options) throws Exception {
        System.out.println("bench/chaos --self-test: records a good run of " + SELF_TEST_SECONDS + " seconds");
        try (var trial = new Trial(root, 1, options)) {
            Thread.sleep(Duration.ofSeconds(SELF_TEST_SECONDS));
            trial.finish();
            return trial.cluster().sql().with(connection -> SelfTest.passes(connection, trial.entries()));
        }
    }
}
