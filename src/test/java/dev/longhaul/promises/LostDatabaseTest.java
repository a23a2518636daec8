package dev.longhaul.promises;

import dev.longhaul.Service;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Promise 6 where PostgreSQL itself dies and comes back.
class LostDatabaseTest {

    private static final int STOPS = Integer.getInteger("database.stops", 1);

    @TempDir
    private Path directory;

    @Test
    void aDatabaseThatIsStoppedAsInACrashAndStartedAgainCostsNoWatcherAChange() throws Exception {
        try (var postgres = new CrashingDatabase(directory);
                var service = Service.start(postgres.database(), Service.freePort(), "--longhaul.engine.slots=128",
                        "--longhaul.sse.heartbeat=1s").awaitUp();
                var audience = StreamClients.gather(postgres.database(), 7 * STOPS, service.uri("/"))) {
            for (var n = 0; n < STOPS; n++) {
                audience.watchesFor(Duration.ofSeconds(4));
                postgres.stopImmediately();
                audience.watchesFor(Duration.ofSeconds(2));
                postgres.startAgain();
            }
            audience.judge();
        }
    }
}
