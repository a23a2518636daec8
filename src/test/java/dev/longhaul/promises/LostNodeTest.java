package dev.longhaul.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.Service;
import dev.longhaul.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Promise 6 where the node dies that a client watches at, and another has to go on where it was.
class LostNodeTest {

    private final TestDatabase.Database database = TestDatabase.shared().fresh();

    @Test
    void watchersOfANodeThatIsKilledGoOnAtAnotherAndBack() throws Exception {
        var ports = new int[] {Service.freePort(), Service.freePort()};
        var first = start(ports[0]).awaitUp();
        try (var second = start(ports[1]).awaitUp(); var audience = StreamClients.gather(database, 25, first.uri("/"),
                second.uri("/"))) {
            await().atMost(Duration.ofSeconds(30)).until(() -> audience.connected(1) == StreamClients.FOLLOWERS);
            audience.watchesFor(Duration.ofSeconds(2));
            first.kill();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> audience.connected(2) + audience.atTheEnd() >= StreamClients.FOLLOWERS);
            audience.watchesFor(Duration.ofSeconds(2));

            first = start(ports[0]).awaitUp();
            second.kill();
            audience.judge();

            assertThat(audience.connected(2)).as("followers that went to the other node")
                    .isGreaterThan(StreamClients.FOLLOWERS / 2);
            assertThat(audience.connected(3)).as("and back").isPositive();
        } finally {
            first.close();
        }
    }

    private Service start(int port) {
        return Service.start(database, port, "--longhaul.engine.slots=128", "--longhaul.engine.lease=3s",
                "--longhaul.sse.heartbeat=1s");
    }
}
