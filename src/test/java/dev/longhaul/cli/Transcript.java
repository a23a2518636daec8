package dev.longhaul.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The commands of a page, typed into a terminal, and their output compared with the page.
final class Transcript {

    static final Duration LONG_ENOUGH = Duration.ofSeconds(90);
    /// The prompt of the shell, with the exit code of the last command.
    static final String PROMPT = "ready $?> ";

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)([^\\n]*)\\n(.*?)^```$");
    private static final Pattern READY = Pattern.compile("^ready \\d+>$", Pattern.MULTILINE);
    private static final Pattern TOKEN =
            Pattern.compile(
            "(?<any>\\s*…(?!\\w)\\s*)|(?<uuid>\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12})|"
            + "(?<short>\\p{XDigit}{4}…\\p{XDigit}{4})|(?<clock>\\d\\d:\\d\\d:\\d\\d)"
            + "|(?<job>\\[\\d] \\d+)|(?<version>\\d+\\.\\d+\\.\\d+(-\\w+)?)|(?<bar>█+░+ "
            + "+\\d+(\\.\\d)?%)|(?<file>chapter-\\d)|(?<span>\\b\\d+s\\b)|(?<rule>-{3,})|(?<blank>\\s+)");

    private final Map<String, String> here;

    /// @param here texts of the page, e.g. a port, and their replacements
    Transcript(Map<String, String> here) {
        this.here = here;
    }

    /// The code blocks of a page, with language and info string.
    static Matcher blocks(Path document) throws Exception {
        return BLOCK.matcher(Files.readString(document));
    }

    static boolean isInstalled(String program) {
        return List.of("/usr/bin", "/bin", "/usr/local/bin").stream()
                .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    }

    static void awaitReady(Pty terminal) {
        await().atMost(LONG_ENOUGH).until(() -> terminal.text().matches("(?s).*^ready \\d+>$"));
    }

    /// Types the commands of a block one after the other, and compares the output of each. A line with `> ` continues a
    /// command.
    ///
    /// @param goesOn prefix of a command that does not end by itself
    void work(Pty terminal, String block, String goesOn) throws Exception {
        for (var part : block.split("(?m)^(?=\\$ |\\^C)")) {
            var lines = part.lines().toList();
            var rest = lines.stream().skip(1).dropWhile(line -> line.startsWith("> ")).toList();
            var command = asHere(lines.stream().limit(lines.size() - rest.size())
                    .map(line -> line.replaceFirst("^[$>] +", "")).collect(Collectors.joining(" ")));
            var expected = String.join("\n", rest);
            terminal.clear();
            terminal.type(command.equals("^C") ? "\u0003" : command + "\n");
            if (command.startsWith(goesOn)) {
                continue;
            }
            await().alias(command).atMost(LONG_ENOUGH)
                    .untilAsserted(() -> assertThat(terminal.text()).containsPattern(READY));
            if (!expected.isBlank()) {
                // without the notices of bash about ended jobs
                var printed = terminal.lines().stream().skip(1).takeWhile(line -> !line.startsWith("ready "))
                        .filter(line -> !line.matches("\\[\\d][+-] .*")).collect(Collectors.joining("\n")).strip();
                assertThat(printed).as("%s, on the screen: %s", command, terminal.text()).matches(pattern(expected));
            }
        }
    }

    String asHere(String text) {
        var told = text;
        for (var difference : here.entrySet()) {
            told = told.replace(difference.getKey(), difference.getValue());
        }
        return told;
    }

    /// Ids, times and numbers of the machine may differ; all else is literal.
    Pattern pattern(String expected) {
        var regex = new StringBuilder();
        var text = asHere(expected.strip());
        var at = 0;
        for (var token = TOKEN.matcher(text); token.find(); at = token.end()) {
            regex.append(Pattern.quote(text.substring(at, token.start())));
            regex.append(token.group("any") != null ? "(?s:.*)" : token.group("uuid") != null
                    ? "[0-9a-f-]{36}" : token.group("short") != null ? "[0-9a-f]{4}…[0-9a-f]{4}"
                    : token.group("clock") != null ? "\\d\\d:\\d\\d:\\d\\d" : token.group("job") != null
                    ? "\\[\\d] \\d+" : token.group("version") != null ? "\\S+"
                    : token.group("bar") != null ? "█*░+ +\\d+(\\.\\d)?%" : token.group("file") != null
                    ? "chapter-\\d" : token.group("span") != null ? "(\\d+s|\\d+:\\d\\d)"
                    : token.group("rule") != null ? "-+" : "\\s+");
        }
        return Pattern.compile(regex.append(Pattern.quote(text.substring(at))).toString());
    }
}
