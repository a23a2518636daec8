package dev.longhaul.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.Service;
import dev.longhaul.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program of docs/java-client.md, run as printed and without Spring, gets its result although it and the service
/// are killed.
class KilledTest {

    private final TestDatabase.Database database = TestDatabase.shared().fresh();

    @Test
    void theProgramGetsItsResultAfterItAndTheServiceWereKilled(@TempDir Path folder) throws Exception {
        compile(folder);
        var port = Service.freePort();
        var idFile = folder.resolve("idFile");
        var service = Service.start(database, port).awaitUp();
        try {
            var first = program(folder, service, idFile);
            try (var lines = first.inputReader()) {
                while (!String.valueOf(lines.readLine()).contains("step 2/12")) {
                    assertThat(first.isAlive()).as("the first run of the program").isTrue();
                }
                first.destroyForcibly().waitFor();
            }
            var id = Files.readString(idFile);

            var second = program(folder, service, idFile);
            try (var lines = second.inputReader()) {
                assertThat(lines.readLine()).contains("Processing step");
                service.kill();
                service = Service.start(database, port).awaitUp();
                var rest = lines.lines().toList();

                assertThat(second.waitFor()).as(rest.toString()).isZero();
                assertThat(rest).last().isEqualTo("Completed 12 steps successfully");
            } finally {
                second.destroyForcibly();
            }
            assertThat(idFile).doesNotExist();
            var operations = service.get("/api/v1/operations").body();
            assertThat(operations).contains(id).containsOnlyOnce("\"operation_id\"");
        } finally {
            service.close();
        }
    }

    private static Process program(Path folder, Service service, Path idFile) throws Exception {
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", folder
                + System.getProperty("path.separator") + classpath(),
                "dev.longhaul.example.Nightly", service.uri("").toString(), idFile.toString()).redirectErrorStream(true)
                .start();
    }

    private static void compile(Path folder) throws Exception {
        var page = Files.readString(Path.of("docs/java-client.md"));
        var begin = page.indexOf("```java\n") + 8;
        var source = Files.writeString(folder.resolve("Nightly.java"),
                page.substring(begin, page.indexOf("```", begin)));
        var errors = new ByteArrayOutputStream();
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, errors, "-cp", classpath(), "-d",
                folder.toString(), source.toString()))
                .as(errors.toString()).isZero();
    }

    /// The dependencies that the page names.
    private static String classpath() {
        var separator = System.getProperty("path.separator");
        return Arrays.stream(System.getProperty("java.class.path").split(separator))
                .filter(part -> part.endsWith("target/classes")
                        || part.matches(".*/jackson-(core|databind|annotations)-[^/]*\\.jar"))
                .collect(Collectors.joining(separator));
    }
}
