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
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `docs/tutorial.md`, as a stranger works through it: every command is typed into a terminal, and what comes of it is what the page says. Only the build is not run: this test is a part of one.
class TutorialTest {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(90);
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)([^\\n]*)\\n(.*?)^```$");
    private static final String READY = "(?s).*^ready \\d+>$";

    @TempDir
    Path folder;

    private final int port = Service.freePort();
    private final int databasePort = Service.freePort();
    private final Shell shell = new Shell(URI.create("http://127.0.0.1:" + port));

    @Test
    void whatThePageSaysIsWhatHappens() throws Exception {
        assumeTrue(Pty.isThere() && Stream.of("python3", "curl", "psql", "bash").allMatch(TutorialTest::isInstalled), "the tutorial needs python3, curl, psql and a terminal");
        checkout();
        var page = Files.readString(Path.of("docs/tutorial.md"));
        try (var first = terminal(); var second = terminal()) {
            for (var blocks = BLOCK.matcher(page); blocks.find(); ) {
                var terminal = blocks.group(2).isBlank() ? first : second;
                switch (blocks.group(1)) {
                    case "console" -> work(terminal, blocks.group(3));
                    case "text" -> await().atMost(LONG_ENOUGH).untilAsserted(() -> assertThat(terminal.text()).containsPattern(pattern(blocks.group(3))));
                    case "python" -> assertThat(blocks.group(3)).as("the worker on the page").isEqualTo(Files.readString(Path.of("examples/python/first_worker.py")));
                    default -> assertThat(blocks.group(1)).as("a block that is not run").isEqualTo("sh");
                }
            }
        }
    }

    private void checkout() throws IOException {
        Unpacked.into(folder);
        Files.createSymbolicLink(folder.resolve("examples"), Path.of("examples").toAbsolutePath());
    }

    /// On a reader's machine the ports are those on the page.
    private Pty terminal() throws IOException {
        var terminal = new Pty(shell, 220, 50, "cd '%s'; export SERVER_PORT=%d LONGHAUL_EMBEDDED_PORT=%d LONGHAUL_JAVA_HOME='%s' JAVA_OPTS='-XX:TieredStopAtLevel=1 -XX:+UseSerialGC' PS1='ready $?> ' PS2= PATH=\"$PWD/bin:$PATH\"; exec bash --norc --noprofile --noediting -i"
                .formatted(folder, port, databasePort, System.getProperty("java.home")));
        await().atMost(LONG_ENOUGH).until(() -> terminal.text().matches(READY));
        return terminal;
    }

    /// Types the commands of a block one after the other, and looks at what each prints.
    private void work(Pty terminal, String block) throws Exception {
        for (var part : block.split("(?m)^(?=\\$ |\\^C)")) {
            var lines = part.lines().toList();
            var command = withPorts(lines.getFirst().replaceFirst("^\\$ ", ""));
            var expected = String.join("\n", lines.subList(1, lines.size()));
            terminal.clear();
            terminal.type(command.equals("^C") ? "\u0003" : command + "\n");
            if (command.startsWith("longhaul watch --filter")) {
                continue;   // it goes on, and the page says later what it shows
            }
            await().alias(command).atMost(LONG_ENOUGH).untilAsserted(() -> assertThat(terminal.text()).containsPattern(Pattern.compile("^ready \\d+>$", Pattern.MULTILINE)));
            if (!expected.isEmpty()) {
                // without what bash says of jobs that have ended, when it likes to
                var printed = terminal.lines().stream().skip(1).takeWhile(line -> !line.startsWith("ready "))
                        .filter(line -> !line.matches("\\[\\d][+-] .*")).collect(Collectors.joining("\n")).strip();
                assertThat(printed).as("%s, on the screen: %s", command, terminal.text()).matches(pattern(expected));
            }
        }
    }

    private String withPorts(String text) {
        return text.replace("8081", String.valueOf(port)).replace("54318", String.valueOf(databasePort));
    }

    /// What is different on every machine may differ; all else may not.
    private Pattern pattern(String expected) {
        var tokens = Pattern.compile("(?<any>…(?!\\w))|(?<uuid>\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12})|(?<short>\\p{XDigit}{4}…\\p{XDigit}{4})|(?<clock>\\d\\d:\\d\\d:\\d\\d)"
                + "|(?<job>\\[\\d] \\d+)|(?<version>\\d+\\.\\d+\\.\\d+(-\\w+)?)|(?<bar>█+░+ +\\d+(\\.\\d)?%)|(?<file>chapter-\\d)|(?<span>\\b\\d+s\\b)|(?<rule>-{3,})|(?<blank>\\s+)");
        var regex = new StringBuilder();
        var text = withPorts(expected.strip());
        var at = 0;
        for (var token = tokens.matcher(text); token.find(); at = token.end()) {
            regex.append(Pattern.quote(text.substring(at, token.start())));
            regex.append(token.group("any") != null ? "(?s:.*)" : token.group("uuid") != null ? "[0-9a-f-]{36}" : token.group("short") != null ? "[0-9a-f]{4}…[0-9a-f]{4}"
                    : token.group("clock") != null ? "\\d\\d:\\d\\d:\\d\\d" : token.group("job") != null ? "\\[\\d] \\d+" : token.group("version") != null ? "\\S+"
                    : token.group("bar") != null ? "█*░+ +\\d+(\\.\\d)?%" : token.group("file") != null ? "chapter-\\d" : token.group("span") != null ? "(\\d+s|\\d+:\\d\\d)"
                    : token.group("rule") != null ? "-+" : "\\s+");
        }
        return Pattern.compile(regex.append(Pattern.quote(text.substring(at))).toString());
    }

    private static boolean isInstalled(String program) {
        return List.of("/usr/bin", "/bin", "/usr/local/bin").stream().anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    }
}
