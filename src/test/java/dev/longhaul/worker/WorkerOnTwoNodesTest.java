package dev.longhaul.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.Service;
import dev.longhaul.TestDatabase;
import dev.longhaul.worker.WorkerHttp.Run;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A remote worker whose requests go to two nodes in turn, as behind a load balancer.
class WorkerOnTwoNodesTest {

    private final TestDatabase.Database database = TestDatabase.shared().fresh();
    private Service one;
    private Service two;

    @BeforeEach
    void start() throws Exception {
        one = Service.start(database, Service.freePort()).awaitUp();
        two = Service.start(database, Service.freePort()).awaitUp();
    }

    @AfterEach
    void stop() throws Exception {
        one.close();
        two.close();
    }

    @Test
    void aRequestWithoutProgressChangesNoneThatAnotherNodeHasWritten() throws Exception {
        var atOne = new WorkerHttp(one.uri("/"));
        var atTwo = new WorkerHttp(two.uri("/"));
        var worker = atOne.post("/api/v1/workers", Map.of("name", "traveller", "types",
                List.of(Map.of("type", "two_nodes")))).body().path("worker_id").asString();
        for (var end : Map.<String, Map<String, ?>>of("step", Map.of("name", "last"),
                "log", Map.of("lines", List.of(Map.of("message", "so far"))),
                "fail", Map.of("message", "no", "retry_after_seconds", 60), "complete", Map.of()).entrySet()) {
            atOne.post("/api/v1/operations", Map.of("type", "two_nodes"));
            var claim = atOne.post("/api/v1/workers/" + worker + ":claim", Map.of("wait_seconds", 10)).body()
                    .at("/claims/0");
            var runAtOne = new Run(atOne, claim);
            var runAtTwo = new Run(atTwo, claim);
            assertThat(runAtTwo.say("report", Map.of("current", 1, "total", 4, "message", "early")).status())
                    .isEqualTo(200);
            assertThat(runAtOne.say("report", Map.of("current", 3, "total", 4, "message", "late")).status())
                    .isEqualTo(200);

            assertThat(runAtTwo.say(end.getKey(), end.getValue()).status()).isBetween(200, 204);

            var operation = atOne.get("/api/v1/operations/" + runAtOne.id()).body();
            assertThat(operation.path("message").asString()).as("message after " + end.getKey()).isEqualTo("late");
            assertThat(operation.path("progress").asDouble()).as("progress after " + end.getKey())
                    .isEqualTo(end.getKey().equals("complete") ? 100 : 75);
            assertThat(operation.at("/detail/total").asInt()).isEqualTo(4);
            if (!end.getKey().equals("fail")) {
                runAtOne.say("complete", Map.of());
            }
        }
    }
}
