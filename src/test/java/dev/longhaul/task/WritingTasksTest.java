package dev.longhaul.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import dev.longhaul.ReferenceClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.test.context.ContextConfiguration;

/// The class of docs/writing-tasks.md compiles and runs as printed.
@LonghaulTest
@ContextConfiguration(initializers = WritingTasksTest.WithThePrintedTask.class)
class WritingTasksTest {

    @LocalServerPort
    int port;

    @Test
    void thePrintedTaskCountsTheLines(@TempDir Path folder) throws Exception {
        var first = Files.writeString(folder.resolve("first.txt"), "three short words");
        var second = Files.writeString(folder.resolve("second.txt"), "and\ntwo  more … lines\n");
        var client = new ReferenceClient(URI.create("http://127.0.0.1:" + port));

        var id = client.call("start_long_task",
                "{\"task_type\": \"count_lines\", \"input\": {\"files\": [\"%s\", \"%s\"]}}".formatted(first, second))
                .at("/data/operation_id").asString();

        assertThat(client.stream(id).getLast().name()).isEqualTo("done");
        assertThat(client.progress(id).at("/output/lines").asInt()).isEqualTo(3);
        assertThat(client.call("start_long_task", "{\"task_type\": \"count_lines\", \"input\": {\"files\": []}}")
                .get("error").asString()).contains("files");
    }

    static class WithThePrintedTask extends LonghaulTest.OnFreshDatabase {

        @Override
        public void initialize(ConfigurableApplicationContext context) {
            super.initialize(context);
            try {
                ((GenericApplicationContext) context)
                        .registerBean(compiled("dev.longhaul.example.CountLines", printed()));
            } catch (IOException | ClassNotFoundException broken) {
                throw new IllegalStateException(broken);
            }
        }

        private static String printed() throws IOException {
            var page = Files.readString(Path.of("docs/writing-tasks.md"));
            var begin = page.indexOf("```java\n") + 8;
            return page.substring(begin, page.indexOf("```", begin));
        }

        private static Class<?> compiled(String name, String source) throws IOException, ClassNotFoundException {
            var folder = Files.createTempDirectory(Files.createDirectories(Path.of("target", "printed")), "task");
            var file = Files.writeString(folder.resolve(name.substring(name.lastIndexOf('.') + 1) + ".java"), source);
            var errors = new ByteArrayOutputStream();
            var result = ToolProvider.getSystemJavaCompiler().run(null, null, errors,
                    "-cp", System.getProperty("java.class.path"), "-d", folder.toString(), file.toString());
            assertThat(result).as(errors.toString()).isZero();
            return Class.forName(name, true,
                    new URLClassLoader(new URL[] {url(folder)}, WritingTasksTest.class.getClassLoader()));
        }

        private static URL url(Path folder) {
            try {
                return folder.toUri().toURL();
            } catch (MalformedURLException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }
    }
}
