package dev.longhaul.cli;

import static org.assertj.core.api.Assertions.assertThat;

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

/// Workflows at the command line.
@LonghaulTest
class GraphTest {

    private static final String GRAPH = """
            name: two steps
            nodes:
              first:
                type: simulation
                for_each: [1, 2, 3]
                input: {duration_seconds: 0.6, steps: 2}
              second:
                type: compose
                input: {value: "${first.output.steps_completed}"}
              alarm:
                type: compose
                when: failure
                needs: [first]
                input: {value: "never"}
            output: ${second.output}
            """;
    private static final JsonMapper json = new JsonMapper();

    @LocalServerPort
    int port;
    @TempDir
    Path folder;
    private Shell shell;

    @BeforeEach
    void open() {
        shell = new Shell(URI.create("http://127.0.0.1:" + port));
    }

    @Test
    void aWorkflowIsStartedFromAFileAndWatchedWithItsNodes() throws Exception {
        var file = Files.writeString(folder.resolve("two-steps.yaml"), GRAPH).toString();
        var lines = shell.longhaul("run", "--graph", file, "--watch", "-k", "graph-test");
        var again = shell.longhaul("run", "--graph", file, "-k", "graph-test");
        var id = again.text();
        var result = shell.longhaul("result", id);
        var documents = shell.longhaul("watch", id, "-o", "json").out().lines().map(json::readTree).toList();

        assertThat(lines.exit()).as(lines.err()).isZero();
        assertThat(again.err()).contains("It exists already");
        assertThat(lines.out().lines())
                .anySatisfy(line -> assertThat(line).contains(id + "  workflow  completed  100%"))
                .anySatisfy(line -> assertThat(line).contains(id + "/first  simulation  completed  100%  3 of 3"))
                        .anySatisfy(line -> assertThat(line).contains(id + "/second  compose  completed"))
                .anySatisfy(line -> assertThat(line).contains(id + "/alarm  compose  not_triggered"));
        assertThat(json.readTree(result.out())).hasToString("[2,2,2]");
        assertThat(documents.getLast().get("nodes").valueStream().map(node -> node.get("name").asString()))
                .containsExactlyInAnyOrder("first", "second", "alarm");
    }

    @Test
    void aWorkflowWhoseFailureBranchCompletedNamesItsFailedNodes() {
        var watched = shell.longhaulReading("""
                nodes:
                  fetch: {type: http_request, input: {url: "http://nowhere.example/"}}
                  report: {type: compose, input: {value: "${fetch.output.body}"}}
                  alarm: {type: compose, when: failure, needs: [fetch], input: {value: "not fetched"}}
                """, "run", "--graph", "-", "--watch");

        assertThat(watched.exit()).isZero();
        assertThat(watched.out().lines()).anySatisfy(line -> assertThat(line)
                .contains("workflow  completed  100%  nodes: 1 failed, 1 skipped"))
                .anySatisfy(line -> assertThat(line).containsPattern("/report +compose +skipped +-$"));
    }

    @Test
    void inputOptionsAreMergedIntoTheInputOfTheGraph() throws Exception {
        var file = Files.writeString(folder.resolve("greets.yaml"), """
                # what is not given stays
                input: {day: 2026-01-08, on: "no", greeting: {word: hello, to: nobody}}
                nodes:
                  greet:
                    type: compose
                    input: {value: ["${input.day}", "${input.on}", "${input.greeting}", "${input.n}", "${input.text}"]}
                output: ${greet.output}
                """).toString();
        var greeted = shell.longhaul("run", "--graph", file, "-i", "greeting.to=Ann", "-i", "n=3", "-i", "text=\"1e5\"",
                "--wait");
        var fromStdin =
                shell.longhaulReading("{\"nodes\": {\"a\": {\"type\": \"compose\", \"input\": {\"value\": "
                + "\"${input.n}\"}}}, \"output\": \"${a.output}\"}", "run", "--graph", "-", "-i", "n=4", "--wait");

        assertThat(greeted.err()).isEmpty();
        assertThat(json.readTree(greeted.out()))
                .hasToString("[\"2026-01-08\",\"no\",{\"to\":\"Ann\",\"word\":\"hello\"},3,\"1e5\"]");
        assertThat(json.readTree(fromStdin.out())).hasToString("4");
        assertThat(shell.longhaulReading("{}", "run", "--graph", "-", "-i", "-").err()).contains("stdin");
        assertThat(shell.longhaulReading("[", "run", "--graph", "-", "-i", "n=4").exit()).isEqualTo(2);
        assertThat(shell.longhaulReading("[1]", "run", "--graph", "-", "-i", "n=4").exit()).isEqualTo(2);
        assertThat(shell.longhaul("run", "--graph", file, "-q", "elsewhere").exit()).isEqualTo(2);
    }

    @Test
    void theExitCodeIsTheEndOfTheWorkflowAndAnInvalidGraphIsRefusedWithItsPlace() {
        var failing =
                "{\"nodes\": {\"ask\": {\"type\": \"http_request\", \"input\": {\"url\": "
                + "\"http://nowhere.example/\"}}}}";
        var failed = shell.longhaulReading(failing, "run", "--graph", "-", "--watch");
        var wrong = shell.longhaulReading("nodes: {a: {type: compose, needs: [b], input: {value: 1}}}", "run",
                "--graph", "-");

        assertThat(failed.exit()).isEqualTo(1);
        assertThat(failed.out()).contains("/ask  http_request  failed").contains("nowhere.example");
        assertThat(wrong.exit()).isEqualTo(2);
        assertThat(wrong.err()).contains("nodes/a/needs/0");
        assertThat(List.of(shell.longhaul("run", "--graph", "nowhere.yaml"), shell.longhaul("run", "simulation",
                "--graph", "nowhere.yaml"), shell.longhaul("run", "--graph", "nowhere.yaml", "-i", "a=1")))
                .extracting(Shell.Answer::exit).containsOnly(2);
    }
}
