package dev.longhaul.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;

/// The service as a process of its own, with its embedded database in a temporary directory; both are gone after the close.
public final class Service implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final Process process;
    private final Path directory;
    private final int port;
    private final List<String> settings;
    private final Thread atExit = new Thread(this::stop);

    private Service(Process process, Path directory, int port, List<String> settings) {
        this.process = process;
        this.directory = directory;
        this.port = port;
        this.settings = settings;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /// @param settings the JVM's (`-Xmx1g`) and the service's (`--longhaul.engine.slots=100`)
    static Service start(Path root, List<String> settings) throws Exception {
        var directory = Files.createTempDirectory("longhaul-bench");
        var port = freePort();
        var command = new ArrayList<>(List.of(jdk("java")));
        settings.stream().filter(setting -> !setting.startsWith("--")).forEach(command::add);
        command.addAll(List.of("-Dloader.path=" + compileTask(root), "-Dloader.main=dev.longhaul.Longhaul", "-cp", jar(root).toString(),
                "org.springframework.boot.loader.launch.PropertiesLauncher",
                "--server.port=" + port, "--longhaul.embedded.dir=" + directory.resolve("data"), "--longhaul.embedded.port=0"));
        settings.stream().filter(setting -> setting.startsWith("--")).forEach(command::add);
        var process = new ProcessBuilder(command).directory(directory.toFile())
                .redirectErrorStream(true).redirectOutput(directory.resolve("service.log").toFile()).start();
        var service = new Service(process, directory, port, settings);
        service.awaitUp();
        return service;
    }

    private static String jdk(String program) {
        return Path.of(System.getProperty("java.home"), "bin", program).toString();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static Path jar(Path root) throws IOException {
        try (var files = Files.list(root.resolve("target"))) {
            return files.filter(file -> file.getFileName().toString().matches("longhaul-.*\\.jar")).findFirst().orElseThrow();
        }
    }

    /// The classes that the jar was made of lie beside it; inside the jar the compiler would not find them.
    private static Path compileTask(Path root) throws IOException {
        var out = Files.createDirectories(root.resolve("bench/target/task"));
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            var sources = files.getJavaFileObjects(root.resolve("bench/task/BenchReports.java"));
            var options = List.of("-d", out.toString(), "-cp", root.resolve("target/classes").toString(), "-parameters", "-proc:none", "-Xlint:none");
            if (!compiler.getTask(null, files, _ -> {}, options, null, sources).call()) {
                throw new IllegalStateException("the task of the bench does not compile against " + root.resolve("target/classes"));
            }
        }
        return out;
    }

    private void awaitUp() throws Exception {
        var until = System.nanoTime() + PATIENCE.toNanos();
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health")).timeout(Duration.ofSeconds(5)).build();
            while (process.isAlive() && System.nanoTime() < until) {
                try {
                    if (http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
                        return;
                    }
                } catch (IOException notYet) {
                    // its port is not open yet
                }
                process.waitFor(100, TimeUnit.MILLISECONDS);
            }
        }
        var log = Files.readString(directory.resolve("service.log"));
        close();
        throw new IllegalStateException("the service did not come up:\n" + log);
    }

    public List<String> settings() {
        return settings;
    }

    public int port() {
        return port;
    }

    /// A connection with the service's own rights. The embedded database keeps its logins in libpq's `pgpass`: host:port:database:user:password.
    public Connection connect() throws SQLException, IOException {
        var login = Files.readAllLines(directory.resolve("data/pgpass")).stream().filter(line -> line.contains(":longhaul_service:")).findFirst().orElseThrow().split(":");
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + databasePort() + "/longhaul", "longhaul_service", login[4]);
    }

    /// The fourth line of the server's pid file.
    private String databasePort() throws IOException {
        return Files.readAllLines(directory.resolve("data/db/postmaster.pid")).get(3).strip();
    }

    String aboutDatabase() throws SQLException, IOException {
        try (var connection = connect(); var statement = connection.createStatement();
             var row = statement.executeQuery("""
                     select 'PostgreSQL ' || current_setting('server_version') || ', fsync ' || current_setting('fsync')
                         || ', synchronous_commit ' || current_setting('synchronous_commit') || ', shared_buffers ' || current_setting('shared_buffers')""")) {
            row.next();
            return row.getString(1);
        }
    }

    /// Of the service alone, without its database.
    public Duration cpu() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /// Megabytes in memory.
    public long residentMegabytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream().filter(line -> line.startsWith("VmRSS"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElseThrow() / 1024;
    }

    private static final Pattern CLASS = Pattern.compile("\\s*\\d+:\\s+\\d+\\s+(\\d+)\\s+(\\S+).*");

    /// Bytes of live objects by class, after a full collection.
    public Map<String, Long> heap() throws IOException, InterruptedException {
        var bytes = new HashMap<String, Long>();
        var jcmd = new ProcessBuilder(jdk("jcmd"), String.valueOf(process.pid()), "GC.class_histogram").redirectErrorStream(true).start();
        try (var lines = jcmd.inputReader()) {
            lines.lines().map(CLASS::matcher).filter(found -> found.matches()).forEach(found -> bytes.merge(found.group(2), Long.parseLong(found.group(1)), Long::sum));
        }
        if (jcmd.waitFor() != 0 || bytes.isEmpty()) {
            throw new IllegalStateException("jcmd tells nothing of the service's heap");
        }
        return bytes;
    }

    public String log() throws IOException {
        return Files.readString(directory.resolve("service.log"));
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(atExit);
        stop();
    }

    private void stop() {
        process.destroy();
        try {
            if (!process.waitFor(45, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            for (var tries = 0; Files.exists(directory) && tries < 100; tries++) {   // after a kill the database takes a moment to end
                clear();
                Thread.sleep(100);
            }
        } catch (InterruptedException stopped) {
            process.destroyForcibly();
        }
    }

    private void clear() {
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException | UncheckedIOException stillWriting) {
            // next time
        }
    }
}
