package dev.longhaul.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longhaul.LonghaulTest;
import dev.longhaul.Shell;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.boot.test.web.server.LocalServerPort;

/// Base of tests with a terminal.
@LonghaulTest
abstract class TerminalSupport {

    static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

    @LocalServerPort
    int port;
    Shell shell;

    @BeforeEach
    void open() {
        assumeTrue(Pty.isThere(), "a pseudo-terminal needs util-linux's script");
        shell = new Shell(URI.create("http://127.0.0.1:" + port));
    }

    String start(String queue, double seconds, int steps) {
        return shell.longhaul("run", "simulation", "-q", queue, "-i", "duration_seconds=" + seconds, "-i", "steps="
                + steps).text();
    }

    void cancel(List<String> ids) {
        shell.longhaul(Stream.concat(Stream.of("cancel"), ids.stream()).toArray(String[]::new));
    }
}
