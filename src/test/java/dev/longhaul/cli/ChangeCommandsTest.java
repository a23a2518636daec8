package dev.longhaul.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import dev.longhaul.Shell;
import java.net.URI;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.json.JsonMapper;

/// The commands that change operations, queues and workers.
@LonghaulTest
class ChangeCommandsTest {

    private static final String UNKNOWN = "01a20ad1-5707-763d-82cb-a20992295721";
    private static final JsonMapper json = new JsonMapper();

    @LocalServerPort
    int port;
    private Shell shell;

    @BeforeEach
    void open() {
        shell = new Shell(URI.create("http://127.0.0.1:" + port));
    }

    @Test
    void aPausedOperationStaysPausedUntilItIsResumed() {
        var id = shell.longhaul("run", "simulation", "--in", "1h", "-i", "duration_seconds=0.1", "-i", "steps=1")
                .text();
        var paused = shell.longhaul("pause", id, "--reason", "not now");
        var shown = shell.longhaul("get", id).out();
        var resumed = shell.longhaul("resume", id);

        assertThat(paused.exit()).isZero();
        assertThat(paused.text()).isEqualTo(id + "  paused");
        assertThat(shown).containsPattern("status +paused");
        assertThat(resumed.text()).isEqualTo(id + "  pending");
        assertThat(shell.longhaul("events", id).out()).contains("not now");
    }

    @Test
    void aCancelledOperationIsRetriedAndACompletedOneIsRerun() {
        var id = shell.longhaul("run", "simulation", "--in", "1h", "-q", "again", "-i", "duration_seconds=0.1", "-i",
                "steps=1").text();
        shell.longhaul("cancel", id);
        var look = shell.longhaul("retry", "--filter", "queue:again", "--dry-run", "-o", "name");
        var nobodyToAsk = shell.longhaul("retry", "--filter", "queue:again");
        var again = shell.longhaul("retry", "--filter", "queue:again", "--yes", "-o", "json");
        var ended = shell.longhaul("result", id, "--wait");
        var tooLate = shell.longhaul("retry", id);
        var over = shell.longhaul("rerun", id, "-o", "json");

        assertThat(look.text()).isEqualTo(id);
        assertThat(nobodyToAsk.exit()).isEqualTo(2);
        assertThat(nobodyToAsk.err()).contains("1 operations", "--yes");
        assertThat(look.err()).contains("dry run: retry 1 operations");
        assertThat(json.readTree(again.out()).get("changed").asInt()).as(again.err()).isEqualTo(1);
        assertThat(ended.exit()).isZero();
        assertThat(tooLate.exit()).as("completed").isEqualTo(6);
        assertThat(tooLate.err()).contains("cannot be retried");
        assertThat(json.readTree(over.out()).get(0).get("rerun_of").asString()).isEqualTo(id);
    }

    @Test
    void operationsThatMatchAFilterArePausedAndResumed() {
        var ids = Stream.generate(() -> shell.longhaul("run", "simulation", "--in", "1h", "-q", "resting", "-i",
                "duration_seconds=0.1", "-i", "steps=1").text()).limit(2).toList();
        var paused = shell.longhaul("pause", "--filter", "queue:resting", "--yes", "--reason", "too early");
        var again = shell.longhaul("pause", "--filter", "queue:resting", "--dry-run", "-o", "name");
        var resumed = shell.longhaul("resume", "--filter", "queue:resting", "--yes");

        assertThat(json.readTree(paused.out()).get("changed").asInt()).as(paused.err()).isEqualTo(2);
        assertThat(again.out()).as("paused already").isEmpty();
        assertThat(json.readTree(resumed.out()).get("changed").asInt()).as(resumed.err()).isEqualTo(2);
        assertThat(shell.longhaul("ls", "--filter", "queue:resting paused:false", "-o", "name").out().lines())
                .containsExactlyInAnyOrderElementsOf(ids);
        assertThat(shell.longhaul("events", ids.getFirst()).out()).contains("too early");
        shell.longhaul("cancel", "--filter", "queue:resting", "--yes");
    }

    @Test
    void tagsAreAddedAndRemovedForOneAndForAllThatMatchAFilter() {
        var ids = Stream.generate(() -> shell.longhaul("run", "simulation", "--in", "1h", "-q", "tagged", "-t", "old",
                "-i", "duration_seconds=0.1", "-i", "steps=1").text()).limit(2).toList();
        var one = shell.longhaul("tag", ids.getFirst(), "--add", "new", "--remove", "old");
        var look = shell.longhaul("tag", "--filter", "queue:tagged", "--add", "all", "--dry-run", "-o", "name");
        var all = shell.longhaul("tag", "--filter", "queue:tagged", "--add", "all", "--remove", "old", "--yes");

        assertThat(one.text()).as(one.err()).isEqualTo(ids.getFirst() + "  new");
        assertThat(look.out().lines()).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(json.readTree(all.out()).get("changed").asInt()).as(all.err()).isEqualTo(2);
        assertThat(shell.longhaul("ls", "--filter", "queue:tagged tag:all -tag:old", "-o", "name").out().lines())
                .containsExactlyInAnyOrderElementsOf(ids);
        assertThat(shell.longhaul("tag", ids.getFirst()).exit()).as("neither to add nor to remove").isEqualTo(2);
        shell.longhaul("cancel", "--filter", "queue:tagged", "--yes");
    }

    @Test
    void finishedOperationsThatMatchAFilterAreRerun() {
        shell.longhaul("run", "simulation", "-q", "rerun", "-i", "duration_seconds=0", "-i", "steps=1", "--watch");
        var again = shell.longhaul("rerun", "--filter", "queue:rerun", "--yes");

        assertThat(json.readTree(again.out()).get("changed").asInt()).as(again.err()).isEqualTo(1);
        assertThat(shell.longhaul("ls", "--filter", "queue:rerun", "-o", "name").out().lines()).hasSize(2);
    }

    @Test
    void aWorkerIsDrainedAndResumed() {
        var id = new ApiClient(URI.create("http://127.0.0.1:" + port), null)
                .post("/api/v1/workers",
                json.readTree("{\"name\": \"printer\", \"types\": [{\"type\": \"print_letter\"}]}")).get("worker_id")
                .asString();
        var drained = shell.longhaul("workers", "drain", id, "--wait", "--timeout", "30s", "--reason", "a new version");
        var list = shell.longhaul("workers");
        var resumed = shell.longhaul("workers", "resume", id);

        assertThat(resumed.text()).as(resumed.err()).startsWith(id + "  alive");
        assertThat(drained.text()).as(drained.err()).isEqualTo(id + "  draining, 0 running");
        assertThat(list.out()).containsPattern(id + " +printer +\\w+ +draining +0 .*a new version");
        assertThat(shell.longhaul("workers", "drain", UNKNOWN).exit()).isEqualTo(6);
    }

    @Test
    void anInputRequestIsListedAndAnswered() {
        var id = shell.longhaul("run", "approval", "-i", "action=Send to 1204 customers?").text();
        await().untilAsserted(() -> assertThat(shell.longhaul("input", id).out()).contains("approval",
                "Send to 1204 customers?"));
        var misfit = shell.longhaul("input", id, "-i", "approved=maybe");
        var answered = shell.longhaul("input", id, "yes");

        assertThat(misfit.exit()).as("does not fit").isEqualTo(2);
        assertThat(answered.err()).isEmpty();
        assertThat(answered.out()).startsWith(id + "  answered");
        assertThat(json.readTree(shell.longhaul("result", id, "--wait").out()).get("approved").asBoolean()).isTrue();
        assertThat(shell.longhaul("input", id, "yes")).satisfies(late -> {
            assertThat(late.exit()).isEqualTo(6);
            assertThat(late.err()).contains("it has no input request");
        });
    }

    @Test
    void theLogIsFollowedToItsEnd() {
        var id = shell.longhaul("run", "tricks", "-i", "trick=log", "-i", "key=\"shell\"").text();
        var log = shell.longhaul("logs", id, "--follow");
        var second = shell.longhaul("logs", id, "--attempt", "2", "-o", "json").out().lines().map(json::readTree)
                .toList();

        assertThat(log.exit()).isZero();
        assertThat(log.out().lines()).first().asString().contains("debug  #1  begins");
        assertThat(log.out()).contains("error  #1  the disk is full").doesNotContain("\u0000");
        assertThat(log.out().lines()).last().asString().contains("#2  all is well");
        assertThat(second).isNotEmpty().allSatisfy(line -> assertThat(line.get("attempt").asInt()).isEqualTo(2));
    }

    @Test
    void aQueueIsPausedAndResumed() {
        var paused = shell.longhaul("queues", "pause", "letters", "--for", "30m", "--reason", "no paper");
        var list = shell.longhaul("queues");
        var resumed = shell.longhaul("queues", "resume", "letters");

        assertThat(paused.err()).isEmpty();
        assertThat(paused.text()).isEqualTo("letters  paused");
        assertThat(list.out()).containsPattern("^QUEUE +STATE").containsPattern("letters +paused .*no paper");
        assertThat(resumed.text()).isEqualTo("letters  open");
        assertThat(shell.longhaul("queues", "pause").exit()).isEqualTo(2);
    }

    @Test
    void theWorkersAreListed() {
        await().untilAsserted(() -> assertThat(shell.longhaul("workers").out()).containsPattern("^WORKER +NAME")
                .containsPattern("node +alive"));
        // workers of other tests may be newer than the node
        assertThat(json.readTree(shell.longhaul("workers", "-o", "json").out()).valueStream()
                .map(worker -> worker.get("kind").asString())).contains("node");
    }

    @Test
    void changesOfUnknownOperationsAreRefused() {
        assertThat(Stream.of("retry", "rerun", "pause", "resume", "promote", "logs", "input")).allSatisfy(command -> {
            assertThat(shell.longhaul(command, UNKNOWN).exit()).as(command).isEqualTo(6);
            assertThat(shell.longhaul(command, "no-id").exit()).as(command).isEqualTo(2);
            assertThat(shell.longhaul(command, UNKNOWN, "--url", "http://127.0.0.1:1").exit()).as(command).isEqualTo(4);
        });
        assertThat(shell.longhaul("pause")).satisfies(answer -> {
            assertThat(answer.exit()).isEqualTo(2);
            assertThat(answer.err()).contains("expected IDs or --filter");
        });
    }
}
