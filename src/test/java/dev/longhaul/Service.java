package dev.longhaul;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// The real service as a process of its own, that a test can kill.
public final class Service implements AutoCloseable {

    private static final String ANY_TYPE = "--longhaul.simulation.any-type=";
    private static final AtomicInteger nextPort = new AtomicInteger(new Random().nextInt(12_000));
    private static final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private final Process process;
    private final int port;
    private final Path log;

    private Service(Process process, int port, Path log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    /// Starts a service on the database and returns at once; see [#awaitUp].
    ///
    /// @param settings e.g. `--longhaul.engine.lease=3s`
    public static Service start(TestDatabase.Database database, int port, String... settings) {
        return start(ServiceImage.shared().command(), database, port, settings);
    }

    /// The version before this one: the jar that `LONGHAUL_PREVIOUS_JAR` names. Until there is a release, this one is
    /// also the one before.
    public static Service startPrevious(TestDatabase.Database database, int port, String... settings) {
        var jar = System.getenv("LONGHAUL_PREVIOUS_JAR");
        return jar == null ? start(database, port, settings)
                : start(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m", "-jar",
                jar), database, port, settings);
    }

    static Service start(List<String> program, TestDatabase.Database database, int port, String... settings) {
        var command = new ArrayList<>(program);
        command.add("--server.port=" + port);
        if (Stream.of(settings).noneMatch(setting -> setting.startsWith(ANY_TYPE))) {
            command.add(ANY_TYPE + "true");
        }
        command.addAll(List.of(settings));
        try {
            var log = Files.createTempFile(Files.createDirectories(Path.of("target", "services")), "service-" + port
                    + "-", ".log");
            var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
            builder.environment().putAll(database.environment());
            return new Service(builder.start(), port, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A free port below the ephemeral ports of the system, so that it stays free between a kill and the next start.
    public int port() {
        return port;
    }

    public static int freePort() {
        while (true) {
            var port = 20_000 + Math.floorMod(nextPort.getAndIncrement(), 12_000);
            try (var socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                // the next one
            }
        }
    }

    public Service awaitUp() throws InterruptedException {
        var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (System.nanoTime() < until) {
            if (!process.isAlive()) {
                throw new IllegalStateException("the service ended with " + process.exitValue() + ":\n" + log());
            }
            try {
                if (get("/health").statusCode() == 200) {
                    return this;
                }
            } catch (IOException notYet) {
                // not yet
            }
            Thread.onSpinWait();
            process.waitFor(20, TimeUnit.MILLISECONDS);
        }
        throw new IllegalStateException("the service did not come up:\n" + log());
    }

    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(10)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    public HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(10)).header("Content-Type",
                "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)).build(), HttpResponse.BodyHandlers.ofString());
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /// kill -9
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// SIGTERM, and waits for the end.
    public int terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(90, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the service did not end after SIGTERM:\n" + log());
        }
        return process.exitValue();
    }

    /// Waits for as long as given, or until the process ends by itself.
    public boolean awaitExit(Duration patience) throws InterruptedException {
        return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    public long pid() {
        return process.pid();
    }

    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        if (process.isAlive()) {
            kill();
        }
    }
}
