package dev.longhaul.bench.cli;

import dev.longhaul.bench.Results;
import dev.longhaul.bench.Service;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// From typing a command to its end, one after the other, by the launcher as it is shipped; beside a JVM that does
/// nothing, and the bare jar.
public final class CommandLine {

    private static final String SUBMIT = """
            insert into operation (type, input, queue, tags)
            select 'simulation', '{"duration_seconds": 0, "steps": 1}', 'nightly', array['bench'] from generate_series(1, 60)
            """;

    private final Path root;
    private final Results results;
    private final int rounds;

    public CommandLine(Path root, Results results, boolean quick) {
        this.root = root;
        this.results = results;
        this.rounds = quick ? 7 : 20;
    }

    public void run(List<String> settings) throws Exception {
        try (var service = Service.start(root, settings)) {
            results.about(service);
            try (var connection = service.connect(); var statement = connection.createStatement()) {
                statement.execute(SUBMIT);
            }
            var longhaul = root.resolve("bin/longhaul").toString();
            Files.deleteIfExists(root.resolve("target/cli/longhaul.aot"));
            results.row("the first call of all, which makes the cache",
                    "%,d ms".formatted(time(service, List.of(longhaul, "--version"))));
            tell(service, "a JVM that does nothing (`java -Xshare:auto -version`)",
                    List.of(Service.jdk("java"), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-version"));
            var ls = tell(service, "`longhaul ls`, 50 operations", List.of(longhaul, "ls"));
            tell(service, "`longhaul ls -o json`", List.of(longhaul, "ls", "-o", "json"));
            tell(service, "`longhaul queues`", List.of(longhaul, "queues"));
            tell(service, "`longhaul doctor --probe`", List.of(longhaul, "doctor", "--probe"));
            tell(service, "`java -jar longhaul.jar ls`, without the launcher",
                    List.of(Service.jdk("java"), "-jar", Service.jar(root).toString(), "ls"));
            results.target("cli.ls", ls, 300, " ms");
        }
    }

    private long tell(Service service, String what, List<String> command) throws Exception {
        var times = new ArrayList<Long>();
        for (var round = 0; round < rounds; round++) {
            times.add(time(service, command));
        }
        times.sort(null);
        results.row(what, "median %,d ms (%,d to %,d, of %d)".formatted(times.get(rounds / 2), times.getFirst(),
                times.getLast(), rounds));
        return times.get(rounds / 2);
    }

    private static long time(Service service, List<String> command) throws Exception {
        var builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("LONGHAUL_URL", "http://127.0.0.1:" + service.port());
        builder.environment().put("LONGHAUL_JAVA_HOME", System.getProperty("java.home"));
        var begun = System.nanoTime();
        var process = builder.start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException(String.join(" ", command) + " did not end well");
        }
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    }
}
