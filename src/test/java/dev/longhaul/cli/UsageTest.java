package dev.longhaul.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import dev.longhaul.Shell;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.json.JsonMapper;

/// Byte order marks, Windows line ends, profiles, and wrong usage.
@LonghaulTest
class UsageTest {

    private static final String BYTE_ORDER_MARK = "\uFEFF";
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
    void theProfileOptionWinsOverTheEnvironmentAndIsReadFromHome() throws Exception {
        writeConfig("profiles:\n  here: {url: \"http://127.0.0.1:" + port + "\"}\n");

        assertThat(exit(Map.of("LONGHAUL_URL", "http://127.0.0.1:1"), "doctor", "--probe", "--profile", "here"))
                .isZero();
        assertThat(exit(Map.of("LONGHAUL_URL", "http://127.0.0.1:1"), "doctor", "--probe"))
                .isEqualTo(ExitCode.UNREACHABLE);
        assertThat(exit(Map.of("LONGHAUL_PROFILE", "here"), "doctor", "--probe")).isZero();
        assertThat(exit(Map.of(), "ls", "--profile", "here", "--url", "http://127.0.0.1:" + port))
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aConfigurationFileMayBeginWithAByteOrderMark() throws Exception {
        writeConfig(BYTE_ORDER_MARK + "profile: here\nprofiles:\n  here: {url: \"http://127.0.0.1:" + port + "\"}\n");

        assertThat(exit(Map.of(), "doctor", "--probe")).isZero();
    }

    @Test
    void inputsAndGraphsMayBeginWithAByteOrderMark() throws Exception {
        var input = Files.writeString(folder.resolve("input.json"),
                BYTE_ORDER_MARK + "{\"duration_seconds\": 0, \"steps\": 1}");
        var graph = BYTE_ORDER_MARK + "{\"nodes\": {\"a\": {\"type\": \"compose\", \"input\": {\"value\": 1}}}, "
                + "\"output\": \"${a.output}\"}";

        assertThat(shell.longhaul("run", "simulation", "-i", "@" + input).err()).isEmpty();
        assertThat(shell.longhaulReading(graph, "run", "--graph", "-", "--wait").text()).isEqualTo("1");
        assertThat(shell.longhaulReading(graph, "run", "--graph", "-", "-i", "n=1", "--wait").text()).isEqualTo("1");
    }

    @Test
    void anIdFromAFileWithWindowsLineEndsIsTheId() {
        var id = shell.longhaul("run", "simulation", "-i", "duration_seconds=0", "-i", "steps=1").text();

        assertThat(shell.longhaul("get", id + "\r", "-o", "name").text()).isEqualTo(id);
    }

    @Test
    void aChoiceThatLooksLikeANumberStaysAText() {
        var id = shell.longhaul("run", "asking", "-i", "kind=batch", "-i", "has_fallback=false").text();
        await().untilAsserted(() -> assertThat(shell.longhaul("input", id).out()).contains("Which batch?", "2, 3"));
        var answered = shell.longhaul("input", id, "3");

        assertThat(answered.exit()).as(answered.err()).isZero();
        assertThat(json.readTree(shell.longhaul("result", id, "--wait").out()).get("region").asString()).isEqualTo("3");
    }

    @Test
    void wrongUsageIsAnsweredInTwoLines() {
        var badTime = shell.longhaul("run", "simulation", "--at", "tomorrow");

        assertThat(badTime.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(badTime.err().lines()).hasSize(2).first().asString()
                .contains("--at", "2026-01-08T10:00:00Z", "tomorrow");
        assertThat(badTime.err()).contains("longhaul run --help");
        assertThat(shell.longhaul("frobnicate").err()).contains("unknown command 'frobnicate'")
                .doesNotContain("did you mean");
        assertThat(shell.longhaul("watchs").err()).contains("did you mean watch?");
        assertThat(shell.longhaul("ls", "--filtr", "x").err())
                .contains("unknown option '--filtr'; did you mean --filter?");
        assertThat(shell.longhaul("queues", "paus", "x").err()).contains("did you mean pause?");
    }

    @Test
    void aRefusalIsPrintedOnce() {
        var refused = shell.longhaul("run", "simulation", "-i", "duration_seconds=1", "-i", "steps=0").err();

        assertThat(refused.split("steps", -1)).as(refused).hasSize(2);
    }

    private void writeConfig(String text) throws Exception {
        Files.writeString(Files.createDirectories(folder.resolve(".config/longhaul")).resolve("config.yaml"), text);
    }

    private int exit(Map<String, String> environment, String... arguments) throws Exception {
        var builder = new ProcessBuilder(shell.command(false, arguments)).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeAll(Set.of("XDG_CONFIG_HOME", "LONGHAUL_URL", "LONGHAUL_PROFILE"));
        builder.environment().put("HOME", folder.toString());
        builder.environment().putAll(environment);
        return builder.start().waitFor();
    }
}
