package dev.longhaul.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import dev.longhaul.Shell;
import java.net.URI;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.json.JsonMapper;

/// Schedules at the command line.
@LonghaulTest
class SchedulesCommandTest {

    private static final JsonMapper json = new JsonMapper();

    @LocalServerPort
    int port;
    private Shell shell;

    @BeforeEach
    void open() {
        shell = new Shell(URI.create("http://127.0.0.1:" + port));
    }

    @Test
    void aScheduleIsCreatedShownPausedTriggeredAndDeleted() {
        var made = create("shell-nightly", "--cron", "30 2 * * *", "--zone", "Europe/Berlin", "--overlap", "queue",
                "--reason", "asked for by Ann");
        var list = shell.longhaul("schedules");
        var shown = shell.longhaul("schedules", "show", "shell-nightly");
        var paused = shell.longhaul("schedules", "pause", "shell-nightly", "--reason", "moving house");
        var pausedOne = shell.longhaul("schedules", "show", "shell-nightly").out();
        var triggered = shell.longhaul("schedules", "trigger", "shell-nightly", "--watch");
        var fires = shell.longhaul("schedules", "runs", "shell-nightly");
        var operation = json.readTree(shell.longhaul("schedules", "runs", "shell-nightly", "-o", "json").out()).get(0)
                .get("operation_id").asString();
        var resumed = shell.longhaul("schedules", "resume", "shell-nightly");
        var backfilled = shell.longhaul("schedules", "backfill", "shell-nightly", "--from", "2026-01-08T00:00:00Z",
                "--to", "2026-01-10T00:00:00Z");
        var deleted = shell.longhaul("schedules", "delete", "shell-nightly", "--reason", "no more nights");

        assertThat(made.err()).isEmpty();
        assertThat(made.out()).containsPattern("^shell-nightly  next \\d{4}-\\d\\d-\\d\\dT0[01]:30:00Z, in ");
        assertThat(list.out()).containsPattern("(?m)^NAME +STATE +WHEN +STARTS +NEXT")
                .containsPattern("shell-nightly +active +30 2 \\* \\* \\* Europe/Berlin +simulation +in ");
        assertThat(shown.out()).containsPattern("overlap +queue").containsPattern("starts +simulation in queue default")
                .containsPattern("next +\\w{3} \\d{4}-\\d\\d-\\d\\d 02:30:00 \\+0[12]:00  in ");
        assertThat(shown.out().lines().filter(line -> line.startsWith("next "))).hasSize(10);
        assertThat(paused.text()).isEqualTo("shell-nightly  paused");
        assertThat(pausedOne).containsPattern("state +paused by .*: moving house");
        assertThat(triggered.exit()).as(triggered.err()).isZero();
        assertThat(triggered.out()).contains("completed", "100%");
        assertThat(fires.out()).containsPattern("started +manual +" + operation);
        assertThat(resumed.text()).isEqualTo("shell-nightly  active");
        assertThat(backfilled.text()).isEqualTo("shell-nightly  2 started");
        assertThat(deleted.text()).isEqualTo("shell-nightly  deleted");
        assertThat(shell.longhaul("schedules", "show", "shell-nightly").exit()).isEqualTo(6);
        assertThat(shell.longhaul("get", operation).exit()).as("what it started stays").isZero();
    }

    @Test
    void previewShowsRunsInTheTimeZoneOfTheSchedule() {
        var spring = shell.longhaul("schedules", "preview", "--cron", "30 2 * * *", "--zone", "Europe/Berlin", "--from",
                "2026-03-27T12:00:00Z", "-n", "3");
        var interval = shell.longhaul("schedules", "preview", "--every", "6h", "-n", "2", "-o", "json");
        var both = shell.longhaul("schedules", "preview", "--every", "6h", "--at", "2026-03-27T12:00:00Z");

        assertThat(spring.out().lines().map(line -> line.substring(0, 31)))
                .containsExactly("Sat 2026-03-28 02:30:00 +01:00 ", "Sun 2026-03-29 03:00:00 +02:00 ",
                "Mon 2026-03-30 02:30:00 +02:00 ");
        assertThat(json.readTree(interval.out()).get("runs")).hasSize(2);
        assertThat(both.exit()).isEqualTo(2);
        assertThat(both.err()).contains("expected one of cron, every and at");
    }

    @Test
    void anInvalidScheduleIsRefusedInASentence() {
        create("shell-twice", "--every", "1h");

        assertThat(create("shell-twice", "--every", "1h")).satisfies(taken -> {
            assertThat(taken.exit()).isEqualTo(6);
            assertThat(taken.err()).contains("shell-twice");
        });
        assertThat(create("shell-no-clock")).satisfies(never -> assertThat(never.exit()).isEqualTo(2));
        assertThat(shell.longhaul("schedules", "create", "shell-unfit", "simulation", "--every", "1h", "-i",
                "duration_seconds=1", "-i", "steps=0").err()).contains("operation/input/steps");
        assertThat(shell.longhaul("schedules", "runs", "shell-nobody").exit()).isEqualTo(6);
        shell.longhaul("schedules", "delete", "shell-twice");
    }

    @Test
    void statsAreATableAndABarForEachHour() {
        var id = shell.longhaul("run", "simulation", "-q", "counted", "-i", "duration_seconds=0", "-i", "steps=1",
                "--watch");
        var stats = shell.longhaul("stats", "--since", "6h");
        var document = json.readTree(shell.longhaul("stats", "-o", "json").out());

        assertThat(id.exit()).isZero();
        assertThat(stats.out()).containsPattern("^TYPE +QUEUE +PENDING +RUNNING +WAITING +COMPLETED +FAILED +CANCELLED")
                .containsPattern("simulation +counted +0 +0 +0 +1 +0 +0")
                .containsPattern("(?m)^HOUR +SUBMITTED +COMPLETED +FAILED +CANCELLED$")
                        .containsPattern("(?m)^\\d\\d-\\d\\d \\d\\d:00 +\\d+ +\\d+ +\\d+ +\\d+  █+[▒░]*$");
        assertThat(document.get("current").valueStream()
                .filter(number -> number.get("queue").asString().equals("counted")))
                .hasSize(1);
        assertThat(document.get("hourly")).isNotEmpty();
        assertThat(shell.longhaul("stats", "--since", "soon").exit()).isEqualTo(2);
    }

    private Shell.Answer create(String name, String... more) {
        var words = new String[7 + more.length];
        System.arraycopy(new String[] {"schedules", "create", name, "simulation", "-i", "duration_seconds=0.2",
                "-isteps=2"}, 0, words, 0, 7);
        System.arraycopy(more, 0, words, 7, more.length);
        return shell.longhaul(words);
    }
}
