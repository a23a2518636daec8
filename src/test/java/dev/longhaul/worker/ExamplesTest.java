package dev.longhaul.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.longhaul.LonghaulTest;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Status;
import dev.longhaul.operation.Submission;
import dev.longhaul.store.OperationStore;
import dev.longhaul.types.TaskRegistry;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The example workers complete their operations, also after a kill in the middle.
@LonghaulTest
class ExamplesTest {

    @Autowired
    OperationStore store;
    @Autowired
    TaskRegistry tasks;
    @Autowired
    JdbcClient sql;
    @Autowired
    JsonMapper json;
    @Value("${local.server.port}")
    int port;
    @TempDir
    Path folder;

    @Test
    void pythonResizesPictures() throws Exception {
        assumeTrue(exists("python3", "--version"), "there is no python3 on this machine");
        for (var n = 1; n <= 6; n++) {
            ImageIO.write(noise(320, 240, n), "png", folder.resolve("picture-" + n + ".png").toFile());
        }

        var operation = killedAndStartedAgain(List.of("python3", "examples/python/resize_images.py"), "resize_images",
                Map.of("folder", folder.toString(), "width", 40));

        assertThat(operation.output()).hasToString("{\"pictures\":6}");
        for (var n = 1; n <= 6; n++) {
            var small = ImageIO.read(folder.resolve("small/picture-" + n + ".png").toFile());
            assertThat(small.getWidth() + "x" + small.getHeight()).isEqualTo("40x30");
            assertThat(small.getRGB(3, 2)).isEqualTo(noise(320, 240, n).getRGB(24, 16));
        }
    }

    @Test
    void nodeReadsPages() throws Exception {
        assumeTrue(exists("node", "--version"), "there is no node on this machine");
        var asked = new ConcurrentLinkedQueue<String>();
        var site = site(asked);
        try {
            var urls = IntStream.rangeClosed(1, 8).mapToObj(n -> "http://127.0.0.1:" + site.getAddress().getPort() + "/"
                    + n).toList();

            var operation = killedAndStartedAgain(List.of("node", "examples/node/crawl_urls.mjs"), "crawl_urls",
                    Map.of("urls", urls));

            assertThat(operation.output().path("titles").valueStream().map(JsonNode::asString).toList())
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, 8).mapToObj(n -> "Page " + n).toList());
            assertThat(asked.size()).as("pages asked for: the one that the kill interrupted is asked for twice")
                    .isBetween(8, 9);
        } finally {
            site.stop(0);
        }
    }

    private static HttpServer site(Queue<String> asked) throws IOException {
        var site = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        site.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI().getPath());
            try {
                Thread.sleep(100);   // a slow site
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            var page = ("<html><title>Page " + exchange.getRequestURI().getPath().substring(1)
                    + "</title><a href=\"/9\">nine</a></html>").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        site.start();
        return site;
    }

    @Test
    void bashBacksUpFolders() throws Exception {
        assumeTrue(exists("bash", "--version") && exists("curl", "--version") && exists("tar", "--version"),
                "there is no bash, curl or tar on this machine");
        var random = new Random(1);
        for (var name : List.of("alpha", "beta", "gamma", "with space")) {
            var part = Files.createDirectories(folder.resolve("source").resolve(name));
            for (var n = 0; n < 60; n++) {
                var content = new byte[200_000];
                random.nextBytes(content);
                Files.write(part.resolve("file-" + n), content);
            }
        }

        var operation = killedAndStartedAgain(List.of("bash", "examples/bash/backup.sh"), "backup_folders",
                Map.of("source", folder.resolve("source").toString(), "target", folder.resolve("target").toString()));

        assertThat(operation.output()).hasToString("{\"archives\":4}");
        for (var name : List.of("alpha", "beta", "gamma", "with space")) {
            var listing = new ProcessBuilder("tar", "-tzf", folder.resolve("target").resolve(name + ".tgz").toString())
                    .start();
            assertThat(new String(listing.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines()).as(name)
                    .hasSize(61);
        }
    }

    @Test
    void javaWritesChecksums() throws Exception {
        for (var n = 1; n <= 6; n++) {
            try (var file = new RandomAccessFile(folder.resolve("file-" + n).toFile(), "rw")) {
                file.setLength(40_000_000L + n);
            }
        }

        var operation = killedAndStartedAgain(List.of(Path.of(System.getProperty("java.home"), "bin", "java")
                .toString(), "examples/java/ChecksumFolder.java"),
                "checksum_folder", Map.of("folder", folder.toString()));

        assertThat(operation.output()).hasToString("{\"files\":6}");
        var check = new ProcessBuilder("sha256sum", "-c", "SHA256SUMS").directory(folder.toFile())
                .redirectErrorStream(true).start();
        assertThat(new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines()).hasSize(6)
                .allMatch(line -> line.endsWith(": OK"));
    }

    /// Starts the worker, submits, kills it when the first step is finished, and starts it again.
    private Operation killedAndStartedAgain(List<String> command, String type, Map<String, ?> input) throws Exception {
        var first = start(command);
        Process second = null;
        try {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> tasks.find(type).filter(known -> known.type().equals(type)).isPresent());
            var id = store.submit(tasks.checked(Submission.of(type, json.valueToTree(input))),
                    new Caller("ann", "test")).operation().id();
            await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(5)).until(() -> steps(id, 1) >= 1);
            first.destroyForcibly().waitFor();
            assertThat(store.find(id).orElseThrow().status()).as("when its worker was killed")
                    .isEqualTo(Status.RUNNING);
            second = start(command);
            await().atMost(Duration.ofSeconds(60)).until(() -> store.find(id).orElseThrow().isOver());
            var operation = store.find(id).orElseThrow();
            assertThat(operation.error()).isNull();
            assertThat(operation.status()).isEqualTo(Status.COMPLETED);
            assertThat(operation.attempt()).isEqualTo(2);
            assertThat(steps(id, 2)).as("steps of the second attempt").isPositive();
            return operation;
        } finally {
            for (var process : Stream.of(first, second).filter(one -> one != null).toList()) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
        }
    }

    private int steps(OperationId id, int attempt) {
        return sql.sql("select count(*) from operation_step where operation_id = :id and attempt = :attempt")
                .param("id", id.value()).param("attempt", attempt)
                .query(Integer.class).single();
    }

    private Process start(List<String> command) throws IOException {
        var whole = Stream.concat(command.stream(), Stream.of("http://127.0.0.1:" + port)).toList();
        return new ProcessBuilder(whole).redirectErrorStream(true).redirectOutput(new File("target/example.log"))
                .start();
    }

    private static boolean exists(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start().waitFor() == 0;
        } catch (IOException missing) {
            return false;
        }
    }

    private static BufferedImage noise(int width, int height, int seed) {
        var random = new Random(seed);
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (var y = 0; y < height; y++) {
            for (var x = 0; x < width; x++) {
                image.setRGB(x, y, random.nextInt(1 << 24));
            }
        }
        return image;
    }
}
