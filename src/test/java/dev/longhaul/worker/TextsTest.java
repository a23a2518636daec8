package dev.longhaul.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Texts for people are no reason to lose a run; data that cannot be stored is refused.
@LonghaulTest
class TextsTest extends WorkerTest {

    private static final String ODD = "a \\u0000 and a lone \\ud800";
    private static final String CLEAN = "a \uFFFD and a lone \uFFFD";

    private WorkerHttp.Run claimed() throws Exception {
        var worker = register(Map.of());
        submit(submission -> submission.with(limits -> limits.withMaxAttempts(1)));
        return claim(worker, 1, 10).getFirst();
    }

    private int say(WorkerHttp.Run run, String verb, String body) throws Exception {
        return http.send("POST", "/api/v1/operations/" + run.id() + "/run:" + verb, "{\"run_id\": \"" + run.runId()
                + "\", " + body + "}").status();
    }

    @Test
    void anErrorWithCharactersThatCannotBeStoredIsKeptAndNoted() throws Exception {
        var run = claimed();

        assertThat(say(run, "fail", ("\"message\": \"%1$s\", \"type\": \"%1$s\", \"trace\": \"%1$s\", "
                + "\"log\": [{\"message\": \"%1$s\"}]")
                .formatted(ODD))).isEqualTo(204);

        var error = find(OperationId.parse(run.id())).error();
        assertThat(error.message()).isEqualTo(CLEAN
                + " (characters that cannot be stored were replaced by U+FFFD)");
        assertThat(error.type()).isEqualTo(CLEAN);
        assertThat(error.trace()).isEqualTo(CLEAN);
    }

    @Test
    void aLongOrAnEmptyErrorIsKeptToo() throws Exception {
        var run = claimed();
        var text = "x".repeat(5_000_000);
        assertThat(say(run, "fail", "\"message\": \"" + text + "\", \"type\": \"" + "T".repeat(300)
                + "\", \"trace\": \"" + text + "\"")).isEqualTo(204);
        assertThat(find(OperationId.parse(run.id())).error().message()).hasSize(4_000).endsWith("…");

        var empty = claimed();
        assertThat(say(empty, "fail", "\"message\": \"\", \"type\": \"\"")).isEqualTo(204);
        assertThat(find(OperationId.parse(empty.id())).error().message()).isEqualTo("failed without a message");
    }

    @Test
    void messagesLinesReasonsAndWhatIsAskedAreCleaned() throws Exception {
        var run = claimed();

        assertThat(say(run, "report", "\"progress\": 5, \"message\": \"" + ODD + "x".repeat(3_000)
                + "\", \"log\": [{\"message\": \"" + ODD + "\"}]")).isEqualTo(200);
        assertThat(find(OperationId.parse(run.id())).progress().message()).startsWith(CLEAN).hasSize(2_000);
        assertThat(say(run, "log", "\"lines\": [{\"message\": \"" + ODD + "\"}]")).isEqualTo(200);
        assertThat(say(run, "ask", "\"name\": \"x\", \"kind\": \"input\", \"action\": \"" + ODD + "x".repeat(3_000)
                + "\"")).isEqualTo(200);
        assertThat(http.get("/api/v1/operations/" + run.id()).body().at("/input_required/0/action").asString())
                .startsWith(CLEAN).hasSize(2_000);
        assertThat(http.get("/api/v1/operations/" + run.id() + "/logs").body().toString()).contains(CLEAN);

        var other = claimed();
        assertThat(say(other, "release", "\"reason\": \"" + ODD + "\"")).isEqualTo(204);
        assertThat(history(other.id())).last().asString().contains(CLEAN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"complete~\"output\": {\"a\": \"" + ODD + "\"}", "step~\"name\": \"x\", \"result\": \""
            + ODD + "\"", "step~\"name\": \"" + ODD + "\"", "report~\"steps\": [{\"name\": \"x\", \"result\": \""
            + ODD + "\"}]", "ask~\"name\": \"" + ODD + "\", \"kind\": \"input\", \"action\": \"?\"",
            "submit~\"name\": \"x\", \"children\": [{\"type\": \"simulation\", \"input\": {\"" + ODD + "\": 1}}]"})
    void dataIsRefused(String request) throws Exception {
        var run = claimed();
        var verb = request.split("~", 2);

        assertThat(say(run, verb[0], verb[1])).isEqualTo(400);
        assertThat(say(run, "complete", "\"output\": 1")).as("the run goes on").isEqualTo(204);
    }

    @Test
    void oneInvalidUpdateOfManyIsRefusedAlone() throws Exception {
        var worker = register(Map.of());
        for (var n = 0; n < 8; n++) {
            submit();
        }
        var runs = new ArrayList<WorkerHttp.Run>();
        while (runs.size() < 8) {
            runs.addAll(claim(worker, 8, 5));
        }
        var updates = List.of("\"complete\": {\"run_id\": \"%s\", \"output\": 1}",
                "\"complete\": {\"run_id\": \"%s\", \"output\": \"" + ODD + "\"}",
                "\"report\": {\"run_id\": \"%s\", \"progress\": 101}",
                "\"report\": {\"run_id\": \"%s\", \"current\": 1}",
                "\"fail\": {\"run_id\": \"%s\", \"message\": \"" + ODD + "\", \"retryable\": false}",
                "\"complete\": {\"run_id\": \"%s\", \"output\": \"" + "x".repeat(1_100_000) + "\"}",
                "\"nonsense\": {\"run_id\": \"%s\"}",
                "\"release\": {\"run_id\": \"%s\"}");
        var body = new ArrayList<String>();
        for (var n = 0; n < 8; n++) {
            body.add("{\"operation_id\": \"" + runs.get(n).id() + "\", " + updates.get(n).formatted(
                    runs.get(n).runId()) + "}");
        }
        body.add("{\"operation_id\": \"00000000-0000-0000-0000-00000000002a\", \"complete\": {\"run_id\": "
                + "\"00000000-0000-0000-0000-00000000002b\"}}");

        var answer = http.post("/api/v1/workers/" + worker + ":sync", "{\"runs\": [" + String.join(", ", body) + "]}");

        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        var results = answer.body().path("runs");
        assertThat(results.valueStream().map(result -> result.path("accepted").asBoolean()).toList())
                .containsExactly(true, false, false, false, true, false, false, true, false);
        assertThat(results.valueStream().map(result -> result.has("problem")).toList())
                .containsExactly(false, true, true, true, false, true, true, false, true);
        assertThat(results.at("/1/problem").asString()).contains("U+0000");
        assertThat(results.at("/2/problem").asString()).contains("100");
        assertThat(results.at("/1/run_id").asString()).isEqualTo(runs.get(1).runId());
        assertThat(find(OperationId.parse(runs.get(0).id())).status()).isEqualTo(Status.COMPLETED);
        assertThat(find(OperationId.parse(runs.get(4).id())).status()).isEqualTo(Status.FAILED);
        assertThat(runs.get(1).say("fail", Map.of("message", results.at("/1/problem").asString())).status())
                .as("its run goes on").isEqualTo(204);
    }
}
