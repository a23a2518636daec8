package dev.longhaul.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import dev.longhaul.Shell;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.json.JsonMapper;

/// The command line in a script: stdout, stderr and exit codes.
@LonghaulTest
class CommandsTest {

    private static final JsonMapper json = new JsonMapper();

    @LocalServerPort
    int port;
    private Shell shell;

    @BeforeEach
    void open() {
        shell = new Shell(URI.create("http://127.0.0.1:" + port));
    }

    @Test
    void runPrintsTheIdThatOtherCommandsTake(@TempDir Path folder) throws Exception {
        var input = Files.writeString(folder.resolve("input.json"), "{\"duration_seconds\": 0.1}");
        var id = shell.longhaul("run", "simulation", "-i", "@" + input, "-i", "steps=2", "-q", "nightly", "-k",
                "commands-test").text();
        var again = shell.longhaul("run", "simulation", "-i", "@" + input, "-i", "steps=2", "-q", "nightly", "-k",
                "commands-test");
        var result = shell.longhaul("result", id, "--wait");

        assertThat(again.text()).isEqualTo(id);
        assertThat(again.err()).contains("It exists already");
        assertThat(result.exit()).isZero();
        assertThat(json.readTree(result.out()).get("steps_completed").asInt()).isEqualTo(2);
        assertThat(shell.longhaul("ls", "--filter", "queue:nightly", "-o", "name").out().lines()).containsExactly(id);
        assertThat(shell.longhaul("ls", "-f", "queue:nightly").out()).containsPattern("^ID +TYPE +STATUS")
                .contains(id, "completed", "100%").doesNotContain("\u001b");
        assertThat(json.readTree(shell.longhaul("get", id, "-o", "json").out()).at("/input/steps").asInt())
                .isEqualTo(2);
        assertThat(shell.longhaul("get", id, "-o", "yaml").out()).contains("operation_id: " + id);
    }

    @Test
    void theExitCodeIsTheEndOfTheOperation() throws Exception {
        var failed = shell.longhaul("run", "http_request", "-i", "url=http://nowhere.example/", "--wait");
        var long_ = shell.longhaul("run", "simulation", "-i", "duration_seconds=600", "-i", "steps=600").text();
        var unfinished = shell.longhaul("result", long_);
        var late = shell.longhaul("watch", long_, "--timeout", "500ms");
        var cancelled = shell.longhaul("cancel", long_, "--reason", "seen enough");
        var ended = shell.longhaul("watch", long_, "--timeout", "30s");

        assertThat(failed.exit()).as("failed").isEqualTo(1);
        assertThat(failed.err()).contains("failed: ", "nowhere.example");
        assertThat(failed.out()).isEmpty();
        assertThat(unfinished.exit()).as("not over yet").isEqualTo(6);
        assertThat(late.exit()).as("took too long").isEqualTo(5);
        assertThat(late.err()).contains("watch again: longhaul watch " + long_);
        assertThat(cancelled.exit()).isZero();
        assertThat(ended.exit()).as("cancelled").isEqualTo(3);
        assertThat(shell.longhaul("get", "01a20ad1-5707-763d-82cb-a20992295721").exit()).as("no such operation")
                .isEqualTo(6);
        assertThat(shell.longhaul("ls", "--url", "http://127.0.0.1:1").exit()).as("unreachable").isEqualTo(4);
    }

    @Test
    void wrongUsageIsExitCode2AndASentence() throws Exception {
        assertThat(shell.longhaul("watchs")).satisfies(answer -> {
            assertThat(answer.exit()).isEqualTo(2);
            assertThat(answer.err()).contains("watchs").contains("watch");
        });
        assertThat(shell.longhaul("run")).satisfies(answer -> {
            assertThat(answer.exit()).isEqualTo(2);
            assertThat(answer.err()).contains("expected a TYPE or --graph, found neither");
        });
        assertThat(shell.longhaul("run", "simulation", "-i", "steps=0", "-i", "duration_seconds=1"))
                .satisfies(answer -> {
            assertThat(answer.exit()).isEqualTo(2);
            assertThat(answer.err()).contains("steps");
        });
        assertThat(shell.longhaul("watch", "--timeout", "soon").err()).contains("expected a time such as 30s");
        assertThat(shell.longhaul("ls", "--filter", "colour:red").exit()).isEqualTo(2);
        assertThat(shell.longhaul("cancel", "--filter", "type:simulation")).satisfies(answer -> {
            assertThat(answer.exit()).as("nobody is there to be asked").isEqualTo(2);
            assertThat(answer.err()).contains("--yes");
        });
    }

    @Test
    void withoutATerminalWatchPrintsLinesOrJsonDocuments() throws Exception {
        var lines = shell.longhaul("run", "simulation", "-i", "duration_seconds=0.6", "-i", "steps=3", "--watch");
        var documents = shell.longhaul("run", "simulation", "-i", "duration_seconds=0.6", "-i", "steps=3", "--watch",
                "-o", "json");

        assertThat(lines.exit()).isZero();
        assertThat(lines.out().lines())
                .allSatisfy(line -> assertThat(line)
                .containsPattern("^\\d\\d:\\d\\d:\\d\\d  [0-9a-f-]{36}  simulation  "))
                .anySatisfy(line -> assertThat(line).contains("running", "Processing step 2/3")).last().asString()
                        .contains("completed", "100%");
        assertThat(documents.out().lines().map(json::readTree)).hasSizeGreaterThan(2)
                .allSatisfy(document -> assertThat(document.get("operation_id").asString()).isNotBlank())
                .last().satisfies(document -> assertThat(document.get("status").asString()).isEqualTo("completed"));
    }

    @Test
    void operationsThatMatchAFilterAreCancelledAfterADryRun() {
        var ids = List.of(later(), later());
        var look = shell.longhaul("cancel", "--filter", "queue:later", "--dry-run", "-o", "name");
        var nobodyToAsk = shell.longhaul("cancel", "--filter", "queue:later");
        var done = shell.longhaul("cancel", "--filter", "queue:later", "--yes", "--reason", "not needed");

        assertThat(look.out().lines()).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(nobodyToAsk.exit()).isEqualTo(2);
        assertThat(nobodyToAsk.err()).contains("2 operations", "--yes");
        assertThat(done.exit()).isZero();
        assertThat(json.readTree(done.out()).get("changed").asInt()).isEqualTo(2);
        assertThat(shell.longhaul("events", ids.getFirst()).out().lines()).last().asString()
                .contains("pending → cancelled", ": not needed");
        assertThat(shell.longhaul("events", ids.getFirst(), "-o", "json").out().lines().map(json::readTree)
                .map(event -> event.get("seq").asInt())).containsExactly(1, 2);
    }

    private String later() {
        return shell.longhaul("run", "simulation", "--in", "1h", "-q", "later", "-i", "duration_seconds=0.1", "-i",
                "steps=1").text();
    }

    @Test
    void aProfileNamesTheService(@TempDir Path folder) throws Exception {
        Files.writeString(Files.createDirectories(folder.resolve("longhaul")).resolve("config.yaml"),
                "profiles:\n  here: {url: \"http://127.0.0.1:" + port + "\"}\n");
        var builder = new ProcessBuilder(shell.command(false, "doctor", "--probe", "--profile", "here"));
        builder.environment().put("XDG_CONFIG_HOME", folder.toString());
        builder.environment().remove("LONGHAUL_URL");

        assertThat(builder.start().waitFor()).isZero();
        assertThat(shell.longhaul("ls", "--profile", "nowhere").err()).contains("there is no profile nowhere");
    }

    @Test
    void doctorFindsAHealthyService() throws Exception {
        await().untilAsserted(() -> assertThat(shell.longhaul("doctor").out()).contains("✓ service", "✓ engine",
                "✓ listener", "✓ streams"));
        assertThat(shell.longhaul("doctor", "--probe")).satisfies(answer -> {
            assertThat(answer.exit()).isZero();
            assertThat(answer.out() + answer.err()).isEmpty();
        });
        assertThat(shell.longhaul("doctor", "--probe", "--url", "http://127.0.0.1:1")).satisfies(answer -> {
            assertThat(answer.exit()).isEqualTo(4);
            assertThat(answer.out() + answer.err()).isEmpty();
        });
    }

    @Test
    void helpCompletionAndManPagesNameEveryCommand(@TempDir Path folder) throws Exception {
        var help = shell.longhaul("--help");
        var completion = shell.longhaul("completion", "bash");

        assertThat(help.exit()).isZero();
        assertThat(LonghaulCommand.everything().getSubcommands().keySet()).allSatisfy(command -> {
            assertThat(help.out()).contains("  " + command);
            assertThat(completion.out()).contains("longhaul_" + command);
            assertThat(ManCommand.page(LonghaulCommand.everything().getSubcommands().get(command)))
                    .startsWith(".TH \"LONGHAUL-").contains(".SH SYNOPSIS", ".SH EXIT STATUS");
        });
        assertThat(completion.out()).contains("longhaul_schedules_create");
        assertThat(shell.longhaul("man", "schedules", "create").out())
                .contains("longhaul\\-schedules\\-create", "\\-\\-cron", ".SH EXIT STATUS");
        assertThat(shell.longhaul("man", "schedules", "nothing").exit()).isEqualTo(2);
        shell.longhaul("man", "--into", folder.toString());
        assertThat(folder).isDirectoryContaining("glob:**longhaul.1").isDirectoryContaining("glob:**longhaul-watch.1")
                .isDirectoryContaining("glob:**longhaul-schedules-trigger.1")
                .isDirectoryContaining("glob:**longhaul-queues-pause.1");
        assertThat(shell.longhaul("man", "watch").out()).contains("\\-\\-filter");
        assertThat(bash(completion.out()
                + "\nCOMP_WORDS=(longhaul wat); COMP_CWORD=1; _complete_longhaul; echo \"${COMPREPLY[@]}\""))
                .contains("watch");
    }

    private static List<String> bash(String script) throws Exception {
        var process = new ProcessBuilder("bash", "-c", script).redirectErrorStream(true).start();
        return process.inputReader().lines().map(String::strip).toList();
    }
}
