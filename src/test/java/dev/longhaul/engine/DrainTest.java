package dev.longhaul.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Status;
import dev.longhaul.operation.Submission;
import dev.longhaul.store.DrainStore;
import dev.longhaul.store.OperationStore;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.json.JsonMapper;

/// Draining a node.
@LonghaulTest
@TestPropertySource(properties = "longhaul.engine.name=drained")   // no other test's
class DrainTest {

    private static final Caller ANN = new Caller("ann", "test");

    @Autowired
    OperationStore store;
    @Autowired
    DrainStore drains;
    @Autowired
    Node node;
    @Autowired
    WriteQueue news;
    @Autowired
    JsonMapper json;

    @Test
    void aDrainingNodeEndsItsRunsAndClaimsNothingUntilItIsResumed() {
        var running = rehearse(2);
        await().until(() -> find(running).status() == Status.RUNNING);

        drains.drain(node.id(), "a new version", ANN);
        await().until(news::isDraining);
        var next = rehearse(0);
        await().atMost(Duration.ofSeconds(30)).until(() -> find(running).isOver());

        assertThat(find(running).status()).isEqualTo(Status.COMPLETED);
        assertThat(find(next).status()).as("nobody else is there to claim it").isEqualTo(Status.PENDING);
        drains.resume(node.id());
        await().atMost(Duration.ofSeconds(20)).until(() -> find(next).status() == Status.COMPLETED);
    }

    private OperationId rehearse(int seconds) {
        return store.submit(Submission.of("simulation", json.createObjectNode().put("duration_seconds", seconds)
                .put("steps", 2)), ANN).operation().id();
    }

    private Operation find(OperationId id) {
        return store.find(id).orElseThrow();
    }
}
