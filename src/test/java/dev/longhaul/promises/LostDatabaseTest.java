package dev.longhaul.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.Service;
import dev.longhaul.TestDatabase;
import dev.longhaul.embedded.EmbeddedPostgres;
import dev.longhaul.embedded.EmbeddedSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Promise 6 where PostgreSQL itself dies and comes back.
class LostDatabaseTest {

    private static final int STOPS = Integer.getInteger("database.stops", 2);

    @TempDir
    private Path directory;

    @Test
    void aDatabaseThatIsStoppedAsInACrashAndStartedAgainCostsNoWatcherAChange() throws Exception {
        var postgres = EmbeddedPostgres.start(new EmbeddedSettings(directory, 0));
        var port = postgres.port();
        try (var service = Service.start(database(postgres), Service.freePort(), "--longhaul.engine.slots=128", "--longhaul.sse.heartbeat=1s").awaitUp();
                var audience = Audience.gather(database(postgres), 7 * STOPS, service.uri("/"))) {
            for (var n = 0; n < STOPS; n++) {
                audience.watchesFor(Duration.ofSeconds(4));
                stopImmediately();
                postgres.close();
                audience.watchesFor(Duration.ofSeconds(2));
                postgres = EmbeddedPostgres.start(new EmbeddedSettings(directory, port));
                assertThat(postgres.port()).as("where the service looks for it").isEqualTo(port);
            }
            audience.judge();
        } finally {
            postgres.close();
        }
    }

    private static TestDatabase.Database database(EmbeddedPostgres postgres) {
        return new TestDatabase.Database(postgres.url(), postgres.service().user(), postgres.service().password(), postgres.owner().user(),
                postgres.owner().password(), postgres.url() + "?user=" + postgres.superuser().user() + "&password=" + postgres.superuser().password());
    }

    /// No checkpoint, no farewell to clients: the next start recovers from the log.
    private void stopImmediately() throws IOException, InterruptedException {
        var pid = Long.parseLong(Files.readAllLines(directory.resolve("db/postmaster.pid")).getFirst().strip());
        var server = ProcessHandle.of(pid).orElseThrow();
        new ProcessBuilder("kill", "-QUIT", String.valueOf(pid)).start().waitFor();
        server.onExit().join();
    }
}
