package dev.longhaul.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longhaul.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Promises 1, 3 and 4 where PostgreSQL is stopped in the midst of commits, or finds no room on its disk.
class BrokenDatabaseTest {

    private static final int STOPS = Integer.getInteger("database.stops", 2);

    @TempDir
    private static Path directory;
    private static boolean isSmall;
    private static CrashingDatabase postgres;
    private static Service service;

    @BeforeAll
    static void startOnASmallDisk() throws Exception {
        isSmall = run("mount", "-t", "tmpfs", "-o", "size=500m", "longhaul-test", directory.toString()) == 0;
        postgres = new CrashingDatabase(directory);
        service = Service.start(postgres.database(), Service.freePort()).awaitUp();
    }

    @AfterAll
    static void stop() throws Exception {
        service.close();
        postgres.close();
        if (isSmall) {
            run("umount", directory.toString());
        }
    }

    @Test
    void stopsInTheMidstOfCommitsLoseNothingThatWasAcknowledged() throws Exception {
        try (var customers = new LoadClients(4, 10, service.uri("/"))) {
            for (var n = 0; n < STOPS; n++) {
                var before = judge().count("select count(*) from operation");
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> judge().count("select count(*) from operation") > before + 40);
                postgres.stopImmediately();
                postgres.startAgain();
            }
            assertThat(customers.refused()).as("the stops were noticed").isPositive();
            customers.judge(judge());
        }
    }

    @Test
    void aFullDiskLosesNothingThatWasAcknowledgedAndTheNodeLivesOn() throws Exception {
        assumeTrue(isSmall, "only where a test may mount a small disk");
        try (var customers = new LoadClients(4, 10, service.uri("/"))) {
            var before = judge().count("select count(*) from operation");
            await().atMost(Duration.ofSeconds(30)).until(() -> judge().count("select count(*) from operation") > before
                    + 20);
            var ballast = directory.resolve("ballast");
            fill(ballast);
            await().atMost(Duration.ofSeconds(60)).until(() -> customers.refused() > 20);

            assertThat(service.awaitExit(Duration.ofSeconds(2))).as("the node has ended").isFalse();
            Files.delete(ballast);
            if (!answers()) {
                postgres.startAgain();   // PostgreSQL ends where it cannot write its log
            }

            customers.judge(judge());
        }
    }

    private static boolean answers() {
        try {
            return new HistoryChecker(postgres.asSuperuser()).count("select 1") == 1;
        } catch (RuntimeException away) {
            return false;
        }
    }

    private static void fill(Path ballast) throws IOException {
        try (var out = Files.newOutputStream(ballast)) {
            var zeros = new byte[64 * 1024];
            while (true) {
                out.write(zeros);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    private static HistoryChecker judge() {
        return new HistoryChecker(postgres.asSuperuser());
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start().waitFor();
    }
}
