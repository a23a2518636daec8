package dev.longhaul.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longhaul.LonghaulTest;
import dev.longhaul.Shell;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;

/// Every command of `docs/rest.md` is typed into a terminal, and its output is that of the page.
@LonghaulTest
// a database of its own: the page shows counts
@TestPropertySource(properties = "longhaul.engine.name=rest-page")
class RestDocsTest {

    @LocalServerPort
    int port;
    @TempDir
    Path folder;

    @Test
    void theCommandsPrintWhatThePageShows() throws Exception {
        assumeTrue(Pty.isThere() && Stream.of("curl", "bash", "grep").allMatch(Transcript::isInstalled),
                "the page needs curl and a terminal");
        // JSON has no final line end, but the prompt must begin a line
        Files.writeString(folder.resolve(".curlrc"), "write-out = \"\\n\"\n");
        var transcript = new Transcript(Map.of("8081", String.valueOf(port)));
        var commands = 0;
        try (var terminal = new Pty(new Shell(URI.create("http://127.0.0.1:" + port)), 8_000, 80,
                "export CURL_HOME='%s' PS1='%s' PS2=; exec bash --norc --noprofile --noediting -i".formatted(folder,
                Transcript.PROMPT))) {
            Transcript.awaitReady(terminal);
            for (var blocks = Transcript.blocks(Path.of("docs/rest.md")); blocks.find(); commands++) {
                assertThat(blocks.group(1)).as("a block that is not run").isEqualTo("console");
                transcript.work(terminal, blocks.group(3), "^");
            }
        }
        assertThat(commands).isPositive();
    }
}
