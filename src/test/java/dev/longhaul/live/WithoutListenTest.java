package dev.longhaul.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Status;
import dev.longhaul.operation.Submission;
import dev.longhaul.store.OperationStore;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.json.JsonMapper;

/// Without LISTEN everything arrives by polling.
@LonghaulTest
@TestPropertySource(properties = "longhaul.live.listen-url=jdbc:postgresql://127.0.0.1:1/nobody-is-here")
class WithoutListenTest {

    @Autowired
    Subscribers subscribers;
    @Autowired
    ChangeFeed feed;
    @Autowired
    NotificationListener listener;
    @Autowired
    OperationStore store;
    @Autowired
    JsonMapper json;

    @Test
    void aSubscriberSeesEveryStateChangeAndTheEnd() throws Exception {
        var id = submit(1, 5);
        var states = new ArrayList<Status>();
        try (var subscriber = subscribers.subscribe(id, 0)) {
            while (states.isEmpty() || !states.getLast().isFinal()) {
                subscriber.next(Duration.ofSeconds(30)).filter(change -> change.stateChange() != null)
                        .ifPresent(change -> states.add(change.operation().status()));
            }
        }
        assertThat(states).containsExactly(Status.PENDING, Status.RUNNING, Status.COMPLETED);
        assertThat(listener.isListening()).isFalse();
    }

    @Test
    void theFeedHasStateChangesAndProgress() throws Exception {
        try (var subscription = feed.subscribe(null, operation -> operation.type().equals("simulation"))) {
            var id = submit(3_600, 10_000);
            var percent = 0.0;
            while (percent == 0) {
                for (var operation : subscription.next(Duration.ofSeconds(30)).progress()) {
                    percent = operation.id().equals(id) ? operation.progress().percent() : percent;
                }
            }
            store.cancel(id, "seen enough", new Caller("ann", "test"));
            Status last = Status.RUNNING;
            while (!last.isFinal()) {
                for (var entry : subscription.next(Duration.ofSeconds(30)).edges()) {
                    last = entry.change().operation().id().equals(id) ? entry.change().operation().status() : last;
                }
            }
            assertThat(last).isEqualTo(Status.CANCELLED);
        }
    }

    private OperationId submit(int seconds, int steps) {
        return store.submit(Submission.of("simulation", json.createObjectNode().put("duration_seconds", seconds)
                .put("steps", steps)), new Caller("ann", "test"))
                .operation().id();
    }
}
