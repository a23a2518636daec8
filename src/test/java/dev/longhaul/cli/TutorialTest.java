package dev.longhaul.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longhaul.Service;
import dev.longhaul.Shell;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every command of `docs/tutorial.md` is typed into a terminal, and its output is that of the page. The build is left
/// out: this test is a part of it.
class TutorialTest {

    @TempDir
    Path folder;

    private final int port = Service.freePort();
    private final int databasePort = Service.freePort();
    private final Transcript transcript =
            new Transcript(Map.of("8081", String.valueOf(port), "54318", String.valueOf(databasePort)));
    private final Shell shell = new Shell(URI.create("http://127.0.0.1:" + port));

    @Test
    void theCommandsPrintWhatThePageShows() throws Exception {
        assumeTrue(Pty.isThere() && Stream.of("python3", "curl", "psql", "bash").allMatch(Transcript::isInstalled),
                "the tutorial needs python3, curl, psql and a terminal");
        checkout();
        try (var first = terminal(); var second = terminal()) {
            for (var blocks = Transcript.blocks(Path.of("docs/tutorial.md")); blocks.find(); ) {
                var terminal = blocks.group(2).isBlank() ? first : second;
                switch (blocks.group(1)) {
                    case "console" -> transcript.work(terminal, blocks.group(3), "longhaul watch --filter");
                    case "text" -> await().atMost(Transcript.LONG_ENOUGH)
                            .untilAsserted(() -> assertThat(terminal.text())
                            .containsPattern(transcript.pattern(blocks.group(3))));
                    case "python" -> assertThat(blocks.group(3)).as("the worker on the page")
                            .isEqualTo(Files.readString(Path.of("examples/python/first_worker.py")));
                    default -> assertThat(blocks.group(1)).as("a block that is not run").isEqualTo("sh");
                }
            }
        }
    }

    private void checkout() throws IOException {
        Unpacked.into(folder);
        Files.createSymbolicLink(folder.resolve("examples"), Path.of("examples").toAbsolutePath());
    }

    private Pty terminal() throws IOException {
        var terminal =
                new Pty(shell, 220, 50,
                ("cd '%s'; export SERVER_PORT=%d LONGHAUL_EMBEDDED_PORT=%d LONGHAUL_JAVA_HOME='%s' "
                + "JAVA_OPTS='-XX:TieredStopAtLevel=1 -XX:+UseSerialGC' PS1='%s' PS2= PATH=\"$PWD/bin:$PATH\"; exec "
                + "bash --norc --noprofile --noediting -i")
                .formatted(folder, port, databasePort, System.getProperty("java.home"), Transcript.PROMPT));
        Transcript.awaitReady(terminal);
        return terminal;
    }
}
