package dev.longhaul.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.Service;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Nodes that start before their database.
class DatabaseStartTest {

    @TempDir
    private Path directory;

    @Test
    void aNodeWaitsForADatabaseThatStartsAfterIt() throws Exception {
        try (var postgres = new CrashingDatabase(directory)) {
            postgres.stopImmediately();
            try (var service = Service.start(postgres.database(), Service.freePort())) {
                await().atMost(Duration.ofSeconds(60)).until(() -> service.log().contains("waiting for the database"));
                postgres.startAgain();
                service.awaitUp();
            }
        }
    }

    @Test
    void aNodeWithoutADatabaseEndsAfterTheTimeoutAndSaysWhy() throws Exception {
        try (var postgres = new CrashingDatabase(directory)) {
            postgres.stopImmediately();
            try (var service = Service.start(postgres.database(), Service.freePort(),
                    "--longhaul.database.start-timeout=1s")) {
                assertThat(service.awaitExit(Duration.ofSeconds(60))).isTrue();
                assertThat(service.terminate()).isEqualTo(1);
                assertThat(service.log()).contains("accepted no connection within 1 s", "start-timeout")
                        .doesNotContain("\tat org.springframework");
            }
        }
    }
}
