package dev.longhaul;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The service's class path as jars, with a cache of loaded classes: it starts in half the time, and fifty kills need
/// as many starts. Made once per test run, by a service that is started and ended; without the cache services start as
/// ever.
final class ServiceImage {

    private static final Logger log = LoggerFactory.getLogger(ServiceImage.class);
    private static final Path FOLDER = Path.of("target", "services");

    private final String classPath;
    private final Path cache;
    private boolean trained;

    private static final class Once {
        static final ServiceImage SHARED = new ServiceImage();
    }

    static ServiceImage shared() {
        return Once.SHARED;
    }

    private ServiceImage() {
        try {
            Files.createDirectories(FOLDER);
            var entries = new ArrayList<String>();
            for (var entry : System.getProperty("java.class.path").split(System.getProperty("path.separator"))) {
                entries.add(Files.isDirectory(Path.of(entry))
                        ? jar(Path.of(entry), FOLDER.resolve("classes-" + entries.size() + ".jar")) : entry);
            }
            classPath = String.join(System.getProperty("path.separator"), entries);
            cache = FOLDER.resolve("service.aot").toAbsolutePath();
            Files.deleteIfExists(cache);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String jar(Path classes, Path jar) throws IOException {
        try (var out = new JarOutputStream(Files.newOutputStream(jar)); Stream<Path> files = Files.walk(classes)) {
            for (var file : files.sorted().collect(Collectors.toList())) {
                var name = classes.relativize(file).toString().replace('\\', '/');
                if (!name.isEmpty()) {
                    // component scanning looks for the folders
                    out.putNextEntry(new JarEntry(Files.isDirectory(file) ? name + "/" : name));
                    if (Files.isRegularFile(file)) {
                        Files.copy(file, out);
                    }
                    out.closeEntry();
                }
            }
        }
        return jar.toAbsolutePath().toString();
    }

    /// @return how to start it, up to the main class
    synchronized List<String> command() {
        if (!trained) {
            trained = true;
            train();
        }
        return program("-XX:AOTCache=" + cache);
    }

    private List<String> program(String cacheOption) {
        return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", cacheOption, "-Xlog:aot*=off", "-cp",
                classPath, "dev.longhaul.Longhaul");
    }

    /// Makes the cache: a service learns what it needs to start, to be asked, and to run an operation.
    private void train() {
        try (var service = Service.start(program("-XX:AOTCacheOutput=" + cache), TestDatabase.shared().fresh(),
                Service.freePort()).awaitUp()) {
            service.post("/api/v1/operations",
                    "{\"type\": \"rehearsal\", \"input\": {\"duration_seconds\": 0, \"steps\": 1}}");
            service.terminate();
            log.info("services start {} a cache of loaded classes", Files.exists(cache) ? "with" : "without");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
