package dev.longhaul.bench.chaos.cluster;

import dev.longhaul.bench.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/// One PostgreSQL and several nodes of the built jar, in a temporary directory that is deleted at the end.
public final class Cluster implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(180);
    private static final List<String> JVM = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final Path directory;
    private final Duration lease;
    private final boolean isKept;
    private final Postgres postgres;
    private final List<Node> nodes = new ArrayList<>();
    private final Thread atExit = new Thread(this::stop);

    /// @param root     of the repository
    /// @param lease    how long a silent node keeps its operations
    /// @param settings of each node
    /// @param isKept   true: the temporary directory stays
    public static Cluster start(Path root, int nodes, Duration lease, List<String> settings, boolean isKept)
            throws IOException, InterruptedException {
        var directory = Files.createTempDirectory("longhaul-chaos");
        directory.toFile().setExecutable(true, false);   // PostgreSQL may run as another user
        directory.toFile().setReadable(true, false);
        try {
            makeDatabase(root, directory.resolve("data"));
            var cluster = new Cluster(directory, lease, isKept);
            cluster.startNodes(root, nodes, settings);
            return cluster;
        } catch (IOException | RuntimeException | InterruptedException failed) {
            System.err.println("the cluster did not start; its files are in " + directory);
            throw failed;
        }
    }

    private Cluster(Path directory, Duration lease, boolean isKept) throws IOException, InterruptedException {
        this.directory = directory;
        this.lease = lease;
        this.isKept = isKept;
        this.postgres = new Postgres(directory.resolve("data"));
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /// A service with its embedded database makes and migrates it, and writes the cache of classes as it ends, with
    /// which the nodes start in half the time.
    private static void makeDatabase(Path root, Path data) throws IOException, InterruptedException {
        var port = Processes.freePort();
        var cache = cache(root);
        var command = new ArrayList<>(List.of(Service.jdk("java")));
        command.addAll(JVM);
        if (!Files.exists(cache) || Files.getLastModifiedTime(cache)
                .compareTo(Files.getLastModifiedTime(Service.jar(root))) < 0) {
            Files.deleteIfExists(cache);
            command.add("-XX:AOTCacheOutput=" + cache);
        }
        command.addAll(List.of("-jar", program(root).toString(), "--longhaul.embedded.dir=" + data,
                "--longhaul.embedded.port=0"));
        var node = new Node(port, null, command, data.resolveSibling("first-start.log"));
        node.start();
        if (!node.awaitHealthy(START)) {
            node.close();
            throw new IOException("the service did not start:\n"
                    + Files.readString(data.resolveSibling("first-start.log")));
        }
        node.terminate(START);
    }

    private static Path cache(Path root) {
        return root.resolve("bench/target/chaos.aot");
    }

    private static Path program(Path root) throws IOException, InterruptedException {
        return Service.unpacked(root).resolve(Service.jar(root).getFileName());
    }

    private void startNodes(Path root, int number, List<String> settings) throws IOException, InterruptedException {
        for (var n = 1; n <= number; n++) {
            var proxy = new Proxy(postgres.port());
            var url = "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/longhaul";
            var command = new ArrayList<>(List.of(Service.jdk("java")));
            command.addAll(JVM);
            if (Files.exists(cache(root))) {
                command.addAll(List.of("-XX:AOTCache=" + cache(root), "-Xlog:aot*=off"));
            }
            command.addAll(List.of("-jar", program(root).toString(), "--spring.datasource.url=" + url,
                    "--spring.datasource.username=longhaul_service",
                    "--spring.datasource.password=" + postgres.password("longhaul_service"),
                    "--spring.flyway.url=" + url, "--spring.flyway.user=longhaul_owner",
                    "--spring.flyway.password=" + postgres.password("longhaul_owner")));
            command.addAll(settings);
            nodes.add(new Node(Processes.freePort(), proxy, command, directory.resolve("node-" + n + ".log")));
        }
        for (var node : nodes) {
            node.start();
        }
        for (var node : nodes) {
            if (!node.awaitHealthy(START)) {
                throw new IOException(node + " did not start; see " + directory);
            }
        }
    }

    public List<Node> nodes() {
        return nodes;
    }

    public Node any(Random random) {
        return nodes.get(random.nextInt(nodes.size()));
    }

    public Postgres postgres() {
        return postgres;
    }

    public Sql sql() {
        return postgres.sql();
    }

    public Duration lease() {
        return lease;
    }

    public Path directory() {
        return directory;
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(atExit);
        stop();
    }

    private void stop() {
        try {
            for (var node : nodes) {
                node.close();
                node.proxy().close();
            }
        } catch (IOException | InterruptedException failed) {
            System.err.println("a node could not be stopped: " + failed);
        }
        postgres.close();
        if (isKept) {
            System.out.println("kept: " + directory);
        } else {
            delete(directory);
        }
    }

    private static void delete(Path directory) {
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(java.io.File::delete);
        } catch (IOException | UncheckedIOException failed) {
            System.err.println(directory + " could not be deleted: " + failed);
        }
    }
}
