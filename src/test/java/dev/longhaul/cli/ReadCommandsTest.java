package dev.longhaul.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import dev.longhaul.Shell;
import java.net.URI;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.json.JsonMapper;

/// The commands that read: types, errors, the audit trail, logs and history.
@LonghaulTest
class ReadCommandsTest {

    private static final JsonMapper json = new JsonMapper();

    @LocalServerPort
    int port;
    private Shell shell;

    @BeforeEach
    void open() {
        shell = new Shell(URI.create("http://127.0.0.1:" + port));
    }

    @Test
    void taskTypesAreListedWithTheirInputs() {
        assertThat(shell.longhaul("types").out()).containsPattern("^TYPE +TYPICAL DURATION +INPUT +DESCRIPTION")
                .containsPattern("(?m)^simulation +(\\S+ +)?duration_seconds\\* steps\\* +Simulates long work");
        assertThat(shell.longhaul("types", "simulation").out())
                .contains("simulation: Simulates long work", "\"duration_seconds\"");
        assertThat(shell.longhaul("types", "-o", "name").out().lines()).contains("simulation", "csv_import");
        assertThat(shell.longhaul("types", "simulation", "-o", "json").out())
                .satisfies(one -> assertThat(json.readTree(one).at("/input_schema/required")).hasSize(2));
    }

    @Test
    void similarFailuresAreOneErrorGroup() {
        var first = shell.longhaul("run", "http_request", "-i", "url=http://nowhere.example/", "--wait");
        var last = shell.longhaul("run", "http_request", "-i", "url=http://nowhere.example/", "--max-attempts", "1",
                "-o", "name").text();
        shell.longhaul("watch", last);
        var errors = shell.longhaul("errors", "--type", "http_request", "--since", "1h");
        var groups = json.readTree(shell.longhaul("errors", "--type", "http_request", "-o", "json").out());

        assertThat(first.exit()).isEqualTo(1);
        assertThat(errors.out()).containsPattern("^ *COUNT +TYPE +LAST +FIRST +LATEST ID +ERROR +MESSAGE")
                .contains(last, "nowhere.example");
        assertThat(groups.get(0).get("count").asInt()).isGreaterThanOrEqualTo(2);
        assertThat(shell.longhaul("errors", "--type", "nothing-of-this-kind").err())
                .contains("No errors in the last 24h.");
    }

    @Test
    void theAuditTrailNamesPrincipalSourceAndReason() {
        var id = shell.longhaul("run", "simulation", "--in", "1h", "-i", "duration_seconds=0", "-i", "steps=1").text();
        shell.longhaul("cancel", id, "--reason", "asked for by Ann");

        assertThat(shell.longhaul("audit", "--source", "cli", "-n", "200").out())
                .containsPattern("^AT +BY +SOURCE +EVENT +STATUS +OPERATION +REASON")
                .containsPattern("cli +\\w+ +cancelled +" + id + " +asked for by Ann");
        assertThat(json.readTree(shell.longhaul("audit", "-n", "2", "-o", "json").out())).hasSize(2);
        assertThat(shell.longhaul("audit", "--by", "nobody-at-all").err())
                .contains("No audit entries in the last 24h.");
        assertThat(shell.longhaul("audit", "-n", "0").exit()).isEqualTo(2);
    }

    @Test
    void logLinesAreShownWhileWatchingAndCanBeFiltered() {
        var key = UUID.randomUUID().toString();
        var watched = shell.longhaul("run", "tricks", "-i", "trick=log", "-i", "key=\"" + key + "\"", "--watch",
                "--logs");
        var id = watched.out().lines().findFirst().orElseThrow().split("  ")[1];
        var documents = shell.longhaul("watch", id, "--logs", "-o", "json").out().lines().map(json::readTree).toList();

        assertThat(watched.exit()).as(watched.err()).isZero();
        assertThat(watched.out()).contains("error  #1  the disk is full", "#2  all is well")
                .contains("tricks  completed");
        assertThat(documents).anySatisfy(document -> assertThat(document.at("/log/message").asString())
                .isEqualTo("the disk is full"));
        assertThat(shell.longhaul("logs", id, "--level", "error").out().lines()).isNotEmpty()
                .allSatisfy(line -> assertThat(line).contains("  error  "));
        assertThat(shell.longhaul("logs", id, "--grep", "disk").out().lines()).isNotEmpty()
                .allSatisfy(line -> assertThat(line).contains("disk"));
        assertThat(shell.longhaul("watch", "--logs").exit()).isEqualTo(2);
        assertThat(shell.longhaul("run", "simulation", "--logs").exit()).isEqualTo(2);
    }

    @Test
    void theHistoryIsFollowedToTheEnd() {
        var id = shell.longhaul("run", "simulation", "-i", "duration_seconds=1", "-i", "steps=2").text();

        assertThat(shell.longhaul("events", "-f", id).out().lines()).first().asString().contains("submitted");
        assertThat(shell.longhaul("events", id).out()).contains("running → completed");
    }

    @Test
    void theHistoryOfARetriedOperationIsShownBeyondItsFailure() {
        var id = shell.longhaul("run", "simulation", "--in", "1h", "-i", "duration_seconds=0", "-i", "steps=1").text();
        shell.longhaul("cancel", id);
        shell.longhaul("retry", id);

        assertThat(shell.longhaul("events", "-f", id).out().lines()).last().asString().contains("running → completed");
        assertThat(shell.longhaul("events", id).out().lines()).last().asString().contains("running → completed");
    }

    @Test
    void theStartIsRescheduledAndPromoted() {
        var id = shell.longhaul("run", "simulation", "--in", "1h", "-i", "duration_seconds=0", "-i", "steps=1").text();
        var moved = shell.longhaul("reschedule", id, "--at", "2100-01-08T10:00:00Z", "--reason", "later");
        var neither = shell.longhaul("reschedule", id);
        var begun = shell.longhaul("promote", id);

        assertThat(moved.text()).isEqualTo(id + "  starts 2100-01-08T10:00:00Z");
        assertThat(neither.exit()).isEqualTo(2);
        assertThat(begun.exit()).as(begun.err()).isZero();
        await().untilAsserted(() -> assertThat(shell.longhaul("get", id).out()).containsPattern("status +completed"));
    }

    @Test
    void aQueueIsLimitedAndTheLimitIsLifted() {
        assertThat(shell.longhaul("queues", "limit", "narrow", "3", "--reason", "one printer").text())
                .isEqualTo("narrow  at most 3");
        assertThat(shell.longhaul("queues").out()).containsPattern("narrow +open +0 +0 +0 +3");
        assertThat(shell.longhaul("queues", "limit", "narrow", "none").text()).isEqualTo("narrow  no limit");
        assertThat(shell.longhaul("queues", "limit", "narrow", "few").exit()).isEqualTo(2);
        assertThat(shell.longhaul("queues", "limit", "narrow", "0").exit()).isEqualTo(2);
    }

    @Test
    void theDemoStartsOperationsAndVersionPrintsTheVersion() {
        var ids = shell.longhaul("demo", "--detach").out().lines().toList();

        assertThat(ids).hasSize(5);
        assertThat(shell.longhaul("ls", "--filter", "queue:demo tag:demo", "-o", "name").out().lines())
                .containsAll(ids);
        assertThat(shell.longhaul("version").text()).isEqualTo(shell.longhaul("--version").text())
                .startsWith("longhaul ");
        shell.longhaul("cancel", "--filter", "queue:demo", "--yes");
    }
}
