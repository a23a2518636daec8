package dev.longhaul.mcp.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalServerPort;

/// The official conformance suite, and the official clients, against the service; by the profile `conformance`, since
/// they come from npm.
@LonghaulTest
@Tag("conformance")
class ConformanceTest {

    private static final Path EXPECTED_FAILURES = Path.of("src", "test", "node", "expected-failures.yaml")
            .toAbsolutePath();

    @LocalServerPort
    int port;

    @BeforeAll
    static void install() throws Exception {
        NpmProgram.install();
    }

    /// The requirements of 2026-07-28 bring the ten scenarios of the tasks extension with them.
    @ParameterizedTest
    @CsvSource({"2026-07-28, --requirements, 2026-07-28, 50", "2025-11-25, --requirements, 2025-11-25, 30",
            "2025-06-18, --suite all --spec-version, 2025-06-18, 25",
            "2025-03-26, --suite all --spec-version, 2025-03-26, 1"})
    void everyScenarioOfARevisionPasses(String revision, String options, String value, int atLeast) throws Exception {
        var arguments = new ArrayList<>(List.of("server", "--url", url(), "--expected-failures",
                EXPECTED_FAILURES.toString(), "-o", "results-" + revision));
        arguments.addAll(List.of(options.split(" ")));
        arguments.add(value);

        var ended = NpmProgram.run("node_modules/@modelcontextprotocol/conformance/dist/index.js",
                arguments.toArray(String[]::new));

        assertThat(ended.exit()).as(ended.said()).isZero();
        var summary = ended.said().substring(ended.said().indexOf("=== SUMMARY ==="));
        assertThat(summary.lines().filter(line -> line.startsWith("✓ "))).as(summary)
                .hasSizeGreaterThanOrEqualTo(atLeast);
        assertThat(summary).doesNotContain("✗").containsPattern("Total: \\d+ passed, 0 failed");
        if (revision.equals("2026-07-28")) {
            assertThat(summary.lines().filter(line -> line.startsWith("✓ tasks-"))).as("the extension's scenarios")
                    .hasSize(10);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "legacy"})
    void theOfficialClient2SpeaksBothEras(String era) throws Exception {
        var ended = NpmProgram.run("client2.mjs", url(), era);

        assertThat(ended.exit()).as(ended.said()).isZero();
        assertThat(ended.said()).contains(era.equals("auto") ? "speaks 2026-07-28" : "speaks 2025-11-25");
    }

    @Test
    void theOfficialSdk1WorksWithTheExperimentalTasksToo() throws Exception {
        var ended = NpmProgram.run("client1.mjs", url());

        assertThat(ended.exit()).as(ended.said()).isZero();
        assertThat(ended.said()).contains("speaks 2025-11-25");
    }

    @Test
    void theInspectorCallsATool() throws Exception {
        var ended = NpmProgram.run("node_modules/.bin/mcp-inspector", "--cli", url(), "--transport", "http", "--method",
                "tools/call", "--tool-name", "greet", "--tool-arg", "name=Ann");

        assertThat(ended.exit()).as(ended.said()).isZero();
        assertThat(ended.said()).contains("Hello, Ann!");
    }

    private String url() {
        return "http://localhost:" + port + "/mcp";
    }
}
