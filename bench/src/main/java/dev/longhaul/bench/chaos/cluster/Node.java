package dev.longhaul.bench.chaos.cluster;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// One node of the service: a process that is killed and started again, always on its port, behind its proxy.
public final class Node {

    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2)).build();

    private final int port;
    private final Proxy proxy;
    private final List<String> command;
    private final Path log;
    private Process process;
    private volatile boolean isMeantToRun;

    /// @param command the whole command, without the port
    Node(int port, Proxy proxy, List<String> command, Path log) {
        this.port = port;
        this.proxy = proxy;
        this.command = Processes.concat(command, List.of("--server.port=" + port));
        this.log = log;
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    public Proxy proxy() {
        return proxy;
    }

    public long pid() {
        return process.pid();
    }

    /// The condition on `worker` that finds all lives of this node.
    public String isWorker() {
        return "name like '%:" + port + "'";
    }

    public void start() throws IOException {
        process = new ProcessBuilder(command).directory(log.getParent().toFile()).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
        isMeantToRun = true;
    }

    /// @return false: its process has ended, or it does not serve within the time
    public boolean awaitHealthy(Duration most) throws InterruptedException {
        return Wait.until(most, () -> !process.isAlive() || isHealthy()) && process.isAlive();
    }

    public boolean isHealthy() {
        try {
            return get("/health", Duration.ofSeconds(2)) == 200;
        } catch (IOException | InterruptedException not) {
            return false;
        }
    }

    /// @return the status
    public int get(String path, Duration timeout) throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(uri().resolve(path)).timeout(timeout).build(),
                HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    public void kill() throws InterruptedException {
        isMeantToRun = false;
        process.destroyForcibly().waitFor();
    }

    /// SIGTERM.
    ///
    /// @return its exit status; -1: it did not end within the time, and was killed
    public int terminate(Duration most) throws InterruptedException {
        isMeantToRun = false;
        process.destroy();
        if (process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
            return process.exitValue();
        }
        process.destroyForcibly().waitFor();
        return -1;
    }

    /// True: its process has ended, and nobody ended it.
    public boolean endedByItself() {
        return isMeantToRun && !process.isAlive();
    }

    /// The number of lines of the log that contain the text, of all its lives.
    public long logged(String text) throws IOException {
        try (var lines = Files.lines(log, java.nio.charset.StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.contains(text)).count();
        }
    }

    void close() throws IOException, InterruptedException {
        if (process == null || !process.isAlive()) {
            return;
        }
        isMeantToRun = false;
        Processes.signal(pid(), "CONT");
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    @Override
    public String toString() {
        return "node " + port;
    }
}
