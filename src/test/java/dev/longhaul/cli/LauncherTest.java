package dev.longhaul.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.web.server.LocalServerPort;

/// `bin/longhaul`, as it is shipped: beside an unpacked jar.
@LonghaulTest
class LauncherTest {

    @LocalServerPort
    int port;
    @TempDir
    Path app;

    @Test
    void theFirstCallMakesTheCacheAndEveryCallAnswers() throws Exception {
        Files.copy(Path.of("bin/longhaul"), Files.createDirectory(app.resolve("bin")).resolve("longhaul")).toFile().setExecutable(true);
        writeJar(app.resolve("longhaul.jar"));

        var first = call("--version");
        var cache = app.resolve("longhaul.aot");
        assertThat(first).as("output").startsWith("0 longhaul ");
        assertThat(cache).exists().isNotEmptyFile();
        assertThat(call("ls", "-o", "json")).startsWith("0 [");
        assertThat(call("get", "no-id")).as("the exit code comes through").startsWith("2 longhaul: ");
        assertThat(Files.size(cache)).as("a command's own classes are in it").isGreaterThan(15_000_000);
    }

    private String call(String... arguments) throws Exception {
        var command = new ArrayList<String>();
        command.add(app.resolve("bin/longhaul").toString());
        command.addAll(Arrays.asList(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LONGHAUL_URL", "http://127.0.0.1:" + port);
        builder.environment().put("LONGHAUL_JAVA_HOME", System.getProperty("java.home"));
        var process = builder.start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor(60, TimeUnit.SECONDS);
        return process.exitValue() + " " + out;
    }

    /// As `java -Djarmode=tools -jar … extract` makes it: our classes, and a manifest that names the libraries.
    private static void writeJar(Path jar) throws IOException {
        var entries = Arrays.asList(System.getProperty("java.class.path").split(System.getProperty("path.separator")));
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, entries.stream().filter(entry -> entry.endsWith(".jar")).map(entry -> Path.of(entry).toUri().toString()).collect(Collectors.joining(" ")));
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            var classes = Path.of("target/classes");
            try (var files = Files.walk(classes)) {
                for (var file : files.filter(Files::isRegularFile).filter(file -> file.startsWith(classes.resolve("dev/longhaul/cli")) || file.endsWith("Longhaul.class")
                        || file.endsWith("build-info.properties")).toList()) {
                    out.putNextEntry(new ZipEntry(classes.relativize(file).toString().replace('\\', '/')));
                    Files.copy(file, out);
                }
            }
        }
    }
}
