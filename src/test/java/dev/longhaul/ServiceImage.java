package dev.longhaul;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The service's class path as jars, with a cache of loaded classes: it starts in half the time, and fifty kills need
/// as many starts. Made by the first JVM of a build that needs it, and shared by all of them; without the cache
/// services start at the ordinary pace.
final class ServiceImage {

    private static final Logger log = LoggerFactory.getLogger(ServiceImage.class);
    private static final Path FOLDER = Path.of("target", "services").toAbsolutePath();
    private static final Path CACHE = FOLDER.resolve("service.aot");
    /// Names the classes that the jars and the cache were made of; written last.
    private static final Path MADE_OF = FOLDER.resolve("made-of");

    private final List<String> classPath;

    private static final class Once {
        static final ServiceImage SHARED = new ServiceImage();
    }

    static ServiceImage shared() {
        return Once.SHARED;
    }

    private ServiceImage() {
        classPath = List.of(System.getProperty("java.class.path").split(File.pathSeparator));
        try {
            Files.createDirectories(FOLDER);
            try (var channel = FileChannel.open(FOLDER.resolve("lock"), CREATE, WRITE); var lock = channel.lock()) {
                var sources = classPath.stream().map(ServiceImage::newest).toList().toString();
                if (!Files.exists(MADE_OF) || !Files.readString(MADE_OF).equals(sources)) {
                    Files.deleteIfExists(MADE_OF);
                    Files.deleteIfExists(CACHE);
                    for (var entry : classPath) {
                        if (Files.isDirectory(Path.of(entry))) {
                            jar(Path.of(entry), jarOf(entry));
                        }
                    }
                    train();
                    Files.writeString(MADE_OF, sources);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The time of the last change in a folder of classes; of a jar its path says enough.
    private static String newest(String entry) {
        try (var files = Files.isDirectory(Path.of(entry)) ? Files.walk(Path.of(entry)) : Stream.<Path>empty()) {
            return entry + " " + files.mapToLong(file -> file.toFile().lastModified()).max().orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path jarOf(String folder) {
        return FOLDER.resolve("classes-" + classPath.indexOf(folder) + ".jar");
    }

    private static void jar(Path classes, Path jar) throws IOException {
        try (var out = new JarOutputStream(Files.newOutputStream(jar)); Stream<Path> files = Files.walk(classes)) {
            for (var file : files.sorted().toList()) {
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
    }

    /// @return how to start it, up to the main class
    List<String> command() {
        return program("-XX:AOTCache=" + CACHE);
    }

    private List<String> program(String cacheOption) {
        return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", cacheOption, "-Xlog:aot*=off", "-cp",
                classPath.stream()
                        .map(entry -> Files.isDirectory(Path.of(entry)) ? jarOf(entry).toString() : entry)
                        .collect(Collectors.joining(File.pathSeparator)),
                "dev.longhaul.LonghaulServer");
    }

    /// Makes the cache: a service learns what it needs to start, to be asked, and to run an operation.
    private void train() throws IOException {
        try (var service = Service.start(program("-XX:AOTCacheOutput=" + CACHE), TestDatabase.shared().fresh(),
                Service.freePort()).awaitUp()) {
            service.post("/api/v1/operations",
                    "{\"type\": \"simulation\", \"input\": {\"duration_seconds\": 0, \"steps\": 1}}");
            service.terminate();
            log.info("services start {} a cache of loaded classes", Files.exists(CACHE) ? "with" : "without");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
