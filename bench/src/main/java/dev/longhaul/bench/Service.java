package dev.longhaul.bench;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/// The service as a process of its own, with its embedded database in a temporary directory; both are gone after the
/// close.
public final class Service implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(300);

    private final Process process;
    private final Path directory;
    private final Database database;
    private final int port;
    private final List<String> settings;
    private final Thread atExit = new Thread(this::stop);

    private Service(Process process, Path directory, Database database, int port, List<String> settings) {
        this.process = process;
        this.directory = directory;
        this.database = database;
        this.port = port;
        this.settings = settings;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /// @param settings the JVM's (`-Xmx1g`) and the service's (`--longhaul.engine.slots=100`)
    public static Service start(Path root, List<String> settings) throws Exception {
        var directory = Files.createTempDirectory("longhaul-bench");
        var data = directory.resolve("data");
        return start(root, directory, new Database(data), settings,
                List.of("--longhaul.embedded.dir=" + data, "--longhaul.embedded.port=0"));
    }

    /// Another node on the first one's database.
    public static Service join(Path root, Service first, List<String> settings) throws Exception {
        var login = first.database.service();
        return start(root, Files.createTempDirectory("longhaul-bench"), first.database, settings,
                List.of("--spring.datasource.url=" + login.url(),
                "--spring.datasource.username=" + login.user(), "--spring.datasource.password=" + login.password(),
                "--spring.flyway.enabled=false"));
    }

    private static Service start(Path root, Path directory, Database database, List<String> settings,
            List<String> place) throws Exception {
        var port = freePort();
        var command = new ArrayList<>(List.of(jdk("java")));
        settings.stream().filter(setting -> !setting.startsWith("--")).forEach(command::add);
        command.addAll(List.of("-Dloader.path=" + compileTasks(root), "-Dloader.main=dev.longhaul.LonghaulServer",
                "-cp", jar(root).toString(),
                "org.springframework.boot.loader.launch.PropertiesLauncher", "--server.port=" + port));
        command.addAll(place);
        settings.stream().filter(setting -> setting.startsWith("--")).forEach(command::add);
        var process = new ProcessBuilder(command).directory(directory.toFile())
                .redirectErrorStream(true).redirectOutput(directory.resolve("service.log").toFile()).start();
        var service = new Service(process, directory, database, port, settings);
        service.awaitUp();
        return service;
    }

    public static String jdk(String program) {
        return Path.of(System.getProperty("java.home"), "bin", program).toString();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    public static Path jar(Path root) throws IOException {
        try (var files = Files.list(root.resolve("target"))) {
            return files.filter(file -> file.getFileName().toString().matches("longhaul-.*-exec\\.jar")).findFirst()
                    .orElseThrow();
        }
    }

    /// Inside the jar the compiler finds nothing: it takes the classes that the jar was made of, and the unpacked
    /// libraries.
    private static Path compileTasks(Path root) throws IOException, InterruptedException {
        var out = Files.createDirectories(root.resolve("bench/target/task"));
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, null, null); var tasks =
                Files.list(root.resolve("bench/task"))) {
            var sources = files.getJavaFileObjectsFromPaths(tasks.toList());
            var options = List.of("-d", out.toString(), "-cp", classPath(root), "-parameters", "-proc:none",
                    "-Xlint:none");
            var said = new StringWriter();
            if (!compiler.getTask(said, files, null, options, null, sources).call()) {
                throw new IllegalStateException("the tasks of the bench do not compile against "
                        + root.resolve("target/classes") + ":\n" + said);
            }
        }
        return out;
    }

    private static String classPath(Path root) throws IOException, InterruptedException {
        try (var libraries = Files.list(unpacked(root).resolve("lib"))) {
            return Stream.concat(Stream.of(root.resolve("target/classes")), libraries).map(Path::toString)
                    .collect(Collectors.joining(File.pathSeparator));
        }
    }

    /// The jar as it is deployed where start-up matters: one small jar and its libraries beside it.
    public static Path unpacked(Path root) throws IOException, InterruptedException {
        var jar = jar(root);
        var app = root.resolve("bench/target/app");
        if (!Files.exists(app) || Files.getLastModifiedTime(app).compareTo(Files.getLastModifiedTime(jar)) < 0) {
            var extract = new ProcessBuilder(jdk("java"), "-Djarmode=tools", "-jar", jar.toString(), "extract",
                    "--force", "--destination", app.toString())
                    .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            if (extract.waitFor() != 0) {
                throw new IllegalStateException(jar + " could not be unpacked");
            }
            Files.setLastModifiedTime(app, FileTime.from(Instant.now()));
        }
        return app;
    }

    private void awaitUp() throws Exception {
        var until = System.nanoTime() + PATIENCE.toNanos();
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health"))
                    .timeout(Duration.ofSeconds(5)).build();
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

    /// Of the bench's own doors, see bench/task.
    public String post(String path) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .POST(HttpRequest.BodyPublishers.noBody()).build();
            var response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IOException("POST " + path + " was answered " + response.statusCode() + " "
                        + response.body());
            }
            return response.body();
        }
    }

    public Database database() {
        return database;
    }

    public Connection connect() throws SQLException, IOException {
        return database.service().connect();
    }

    public long pid() {
        return process.pid();
    }

    /// Of the service alone, without its database.
    public Duration cpu() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /// Megabytes in memory.
    public long residentMegabytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElseThrow() / 1024;
    }

    private static final Pattern CLASS = Pattern.compile("\\s*\\d+:\\s+\\d+\\s+(\\d+)\\s+(\\S+).*");

    /// Bytes of live objects by class, after a full collection.
    public Map<String, Long> heap() throws IOException, InterruptedException {
        var bytes = new HashMap<String, Long>();
        var jcmd = new ProcessBuilder(jdk("jcmd"), String.valueOf(process.pid()), "GC.class_histogram")
                .redirectErrorStream(true).start();
        try (var lines = jcmd.inputReader()) {
            lines.lines().map(CLASS::matcher).filter(found -> found.matches())
                    .forEach(found -> bytes.merge(found.group(2), Long.parseLong(found.group(1)), Long::sum));
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
            // after a kill the database takes a moment to end
            for (var tries = 0; Files.exists(directory) && tries < 100; tries++) {
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
