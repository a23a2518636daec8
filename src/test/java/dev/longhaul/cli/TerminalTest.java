package dev.longhaul.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

/// The command line on a terminal: its screen and keys.
class TerminalTest extends TerminalSupport {

    @Test
    void everyOperationHasABarThatFitsTheTerminalAndCtrlCLeavesTheOperationsRunning() throws Exception {
        var first = start("default", 60, 120);
        var second = start("default", 60, 6);

        try (var terminal = new Pty(shell, 110, 10, "watch", first, second)) {
            await().atMost(LONG_ENOUGH)
                    .untilAsserted(() -> assertThat(terminal.lines()).filteredOn(line -> line.contains("█")).hasSize(2)
                    .anySatisfy(line -> assertThat(line).contains(ProgressBar.shortened(first), "simulation",
                            "Processing step", "/120", "ETA")));
            var percent = terminal.text();
            await().atMost(LONG_ENOUGH)
                    .untilAsserted(() -> assertThat(terminal.text()).as("it moves").isNotEqualTo(percent));

            terminal.resize(64, 10);
            await().atMost(LONG_ENOUGH)
                    .untilAsserted(() -> assertThat(terminal.lines()).filteredOn(line -> line.contains("█")).hasSize(2)
                    .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(64).containsPattern("[█░]{10} ")
                            .doesNotContainPattern("[█░]{11}")));

            terminal.type("\u0003");
            assertThat(terminal.awaitExit()).isEqualTo(130);
            assertThat(terminal.text().replaceAll("\\s+", "")).as("broken into lines as it may be")
                    .contains("Theoperationscontinue.Watchagain:longhaulwatch" + first);
        }
        assertThat(shell.longhaul("ls", "--filter", "status:running", "-o", "name").out()).contains(first, second);
        shell.longhaul("cancel", first, second);
    }

    @Test
    void operationsBeyondTheLastLineAreCounted() throws Exception {
        var ids = new String[] {start("default", 0.1, 1), start("default", 0.1, 1), start("default", 0.1, 1),
                start("default", 0.1, 1), start("default", 30, 3), start("default", 30, 3)};
        var arguments = new String[ids.length + 1];
        arguments[0] = "watch";
        System.arraycopy(ids, 0, arguments, 1, ids.length);

        try (var terminal = new Pty(shell, 110, 6, arguments)) {
            await().atMost(LONG_ENOUGH).untilAsserted(() -> assertThat(terminal.lines())
                    .anySatisfy(line -> assertThat(line).contains("… and 3 completed more"))
                    .anySatisfy(line -> assertThat(line).contains(ProgressBar.shortened(ids[4])))
                            .anySatisfy(line -> assertThat(line).contains(ProgressBar.shortened(ids[5]))));
        }
        shell.longhaul("cancel", ids[4], ids[5]);
    }

    @Test
    void logLinesStayAboveTheBar() throws Exception {
        try (var terminal = new Pty(shell, 110, 10, "run", "tricks", "-i", "trick=log", "-i", "key=\"terminal\"",
                "--watch", "--logs")) {
            assertThat(terminal.awaitExit()).isZero();
            await().untilAsserted(() -> {
                var lines = terminal.lines().stream().filter(line -> !line.isBlank()).toList();
                assertThat(lines).filteredOn(line -> line.contains("the disk is full")).singleElement().asString()
                        .contains("error  #1");
                assertThat(lines.getLast()).startsWith("tricks ").contains("completed");
                assertThat(lines.get(lines.size() - 2)).contains("#2  all is well");
            });
        }
    }

    @Test
    void runWithWatchEndsWithTheFullBar() throws Exception {
        try (var terminal = new Pty(shell, 110, 10, "run", "simulation", "-i", "duration_seconds=1", "-i", "steps=4",
                "--watch")) {
            assertThat(terminal.awaitExit()).isZero();
            await().untilAsserted(() -> assertThat(terminal.text()).contains("████████████████████  100%",
                    "completed"));
        }
    }
}
