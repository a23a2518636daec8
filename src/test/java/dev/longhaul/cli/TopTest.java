package dev.longhaul.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.Service;
import dev.longhaul.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Commands that use the whole screen, ask for confirmation, or run for long.
class TopTest extends TerminalSupport {

    // the emulated screen does not restore the cursor: output after the end is written to the first lines, left empty

    @Test
    void topShowsTheServiceFitsTheScreenAndRestoresIt() throws Exception {
        var ids = Stream.generate(() -> start("screen", 60, 60)).limit(3).toList();
        var top = shell.command(true, "top").stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));

        try (var terminal = new Pty(shell, 110, 14, "echo; echo; echo what was there before; " + top
                + "; echo left with $?; stty -a | grep -o ' echo '; read end")) {
            await().atMost(LONG_ENOUGH).untilAsserted(() -> assertThat(terminal.text())
                    .contains("Longhaul http://127.0.0.1:" + port, "● live", "Processing step")
                    .containsPattern("running [3-9]").doesNotContain("what was there before"));
            assertThat(terminal.lines()).as("besides what other tests left")
                    .filteredOn(line -> line.contains("Processing step") && line.contains("/60 - ")).hasSize(3);

            terminal.resize(70, 6);
            await().atMost(LONG_ENOUGH).untilAsserted(() -> {
                assertThat(terminal.lines()).hasSizeLessThanOrEqualTo(6)
                        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(70));
                assertThat(terminal.lines()).filteredOn(line -> line.contains("░")).isNotEmpty()
                        .allSatisfy(line -> assertThat(line).containsPattern("[█░]{10} ")
                        .doesNotContainPattern("[█░]{11}"));
            });
            terminal.type(" ");
            await().atMost(LONG_ENOUGH)
                    .untilAsserted(() -> assertThat(terminal.text()).containsPattern("running [3-9]"));

            terminal.resize(110, 14);
            await().atMost(LONG_ENOUGH).untilAsserted(() -> assertThat(terminal.text()).contains("frozen"));
            terminal.type("q");
            await().atMost(LONG_ENOUGH).untilAsserted(() -> assertThat(terminal.text())
                    .contains("what was there before", "left with 0", "\n echo").doesNotContain("Processing step"));
        }
        cancel(ids);
    }

    @Test
    void ctrlCRestoresTheScreenToo() throws Exception {
        var top = shell.command(true, "top").stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));

        try (var terminal = new Pty(shell, 110, 14, "trap : INT; echo; echo; echo what was there before; " + top
                + "; echo left with $?; read end")) {
            await().atMost(LONG_ENOUGH).untilAsserted(() -> assertThat(terminal.text()).contains("● live"));
            terminal.type("\u0003");
            await().atMost(LONG_ENOUGH).untilAsserted(() -> assertThat(terminal.text())
                    .contains("what was there before", "left with 130").doesNotContain("● live"));
        }
    }

    @Test
    void cancellingManyNeedsAConfirmation() {
        var ids = Stream.generate(() -> start("asked-about", 60, 60)).limit(2).toList();

        seen("n\n", List.of("nothing was changed"), 2, "cancel", "--filter", "queue:asked-about");
        assertThat(shell.longhaul("ls", "--filter", "queue:asked-about status:cancelled", "-o", "name").text())
                .isEmpty();
        seen("y\n", List.of("bulk_cancel", "100%", "completed"), 0, "cancel", "--filter", "queue:asked-about");
        assertThat(shell.longhaul("watch", ids.getFirst(), "--timeout", "30s").exit()).isEqualTo(3);
    }

    private void seen(String answer, List<String> shown, int exit, String... arguments) {
        try (var terminal = new Pty(shell, 110, 14, arguments)) {
            await().atMost(LONG_ENOUGH)
                    .untilAsserted(() -> assertThat(terminal.text()).contains("cancel 2 operations? [y/N]"));
            terminal.type(answer);
            assertThat(terminal.awaitExit()).isEqualTo(exit);
            await().untilAsserted(() -> assertThat(terminal.text()).contains(shown));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aWorkflowHasABarForEachNode(@TempDir Path folder) throws Exception {
        var graph = Files.writeString(folder.resolve("graph.yaml"), """
                nodes:
                  agree:
                    type: approval
                    queue: asked-at-the-terminal
                    for_each: [1, 2]
                    input: {action: "May it go on?"}
                  report:
                    type: compose
                    input: {value: "${agree.output.approved}"}
                """);

        try (var terminal = new Pty(shell, 110, 10, "run", "--graph", graph.toString(), "--watch")) {
            await().atMost(LONG_ENOUGH).untilAsserted(() -> assertThat(terminal.lines())
                    .anySatisfy(line -> assertThat(line).startsWith("workflow  "))
                    .anySatisfy(line -> assertThat(line).startsWith("  agree  ").contains("0 of 2"))
                            .anySatisfy(line -> assertThat(line).startsWith("  report  ").contains("waiting")));
            await().untilAsserted(() -> assertThat(asked()).hasSize(2));
            asked().forEach(id -> shell.longhaul("input", id, "yes"));
            assertThat(terminal.awaitExit()).isZero();
            await().untilAsserted(() -> assertThat(terminal.lines())
                    .filteredOn(line -> line.contains("████████████████████  100%  completed")).hasSize(3));
        }
    }

    private List<String> asked() {
        return shell.longhaul("ls", "--filter", "queue:asked-at-the-terminal status:waiting", "-o", "name").out()
                .lines().toList();
    }

    @Test
    void migrateListsItsMigrationsAndServerServesUntilCtrlC() throws Exception {
        var database = TestDatabase.shared().empty();
        var url = database.url() + "?user=" + database.ownerUser() + "&password=" + database.ownerPassword();
        var number = Service.freePort();

        assertThat(shell.longhaul("migrate", "--database", url, "--dry-run").err())
                .containsPattern("\\d+ pending");
        try (var terminal = new Pty(shell, 110, 30, "migrate", "--database", url)) {
            assertThat(terminal.awaitExit()).isZero();
            await().untilAsserted(() -> assertThat(terminal.lines()).filteredOn(line -> !line.isBlank()).first()
                    .asString().startsWith("V1  operation"));
            assertThat(terminal.text()).containsPattern("\\d+ applied$");
        }
        assertThat(shell.longhaul("migrate", "--database", url).err()).contains("up to date");
        try (var terminal = new Pty(shell, 160, 40, "server", "--server.port=" + number,
                "--spring.flyway.enabled=false", "--spring.datasource.url=" + database.url(),
                "--spring.datasource.username=" + database.serviceUser(), "--spring.datasource.password="
                + database.servicePassword())) {
            await().atMost(Duration.ofSeconds(90))
                    .untilAsserted(() -> assertThat(shell.longhaul("doctor", "--probe", "--url", "http://127.0.0.1:"
                    + number).exit()).as(terminal.text()).isZero());
            terminal.type("\u0003");
            assertThat(terminal.awaitExit()).isEqualTo(130);
        }
    }
}
