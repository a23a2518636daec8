package dev.longhaul.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.web.server.LocalServerPort;

/// `bin/longhaul` beside an unpacked jar, as in the image.
@LonghaulTest
class LauncherTest {

    @LocalServerPort
    int port;
    @TempDir
    Path app;

    @Test
    void theFirstCallCreatesTheCacheAndLaterCallsWork() throws Exception {
        Unpacked.into(app);

        var first = call("--version");
        var cache = app.resolve("longhaul.aot");
        assertThat(first).as("output").startsWith("0 longhaul ");
        assertThat(cache).exists().isNotEmptyFile();
        assertThat(call("ls", "-o", "json")).startsWith("0 [");
        assertThat(call("get", "no-id")).as("the exit code comes through").startsWith("2 longhaul: ");
        assertThat(Files.size(cache)).as("a command's own classes are in it").isGreaterThan(15_000_000);
    }

    private String call(String... arguments) throws Exception {
        var command = new ArrayList<String>();
        command.add(app.resolve("bin/longhaul").toString());
        command.addAll(Arrays.asList(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LONGHAUL_URL", "http://127.0.0.1:" + port);
        builder.environment().put("LONGHAUL_JAVA_HOME", System.getProperty("java.home"));
        var process = builder.start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor(60, TimeUnit.SECONDS);
        return process.exitValue() + " " + out;
    }
}
