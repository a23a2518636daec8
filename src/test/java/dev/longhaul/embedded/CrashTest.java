package dev.longhaul.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrashTest {

    private DataDirectory data;

    @BeforeEach
    void directory(@TempDir Path temporary) throws IOException {
        data = DataDirectory.in(temporary);
    }

    @Test
    void aKilledServiceTakesItsServerDownAndKeepsItsData() throws Exception {
        try (var service = ChildService.start(data.path())) {
            service.process().destroyForcibly().onExit().join();

            await().atMost(Duration.ofSeconds(20)).until(() -> !service.serverIsAlive(data.path()));
        }
        try (var postgres = data.start()) {
            assertThat(DataDirectory.readNotes(postgres)).isEqualTo("before");
        }
    }

    @Test
    void anOldWatchdogDoesNotStopTheServerOfTheNextService() throws Exception {
        try (var service = ChildService.start(data.path())) {
            service.process().destroyForcibly().onExit().join();
            try (var postgres = data.start()) {
                await().until(() -> ProcessHandle.of(service.watchdogPid()).isEmpty());

                assertThat(DataDirectory.readNotes(postgres)).isEqualTo("before");
            }
        }
    }

    @Test
    void aServerWithoutServiceAndWatchdogIsStoppedByTheNextStart() throws Exception {
        try (var service = ChildService.start(data.path())) {
            FinishedProcess.run("sh", "-c", "kill -KILL %d %d".formatted(service.watchdogPid(),
                    service.process().pid()));
            service.process().onExit().join();
            assertThat(service.serverIsAlive(data.path())).isTrue();

            try (var postgres = data.start()) {
                assertThat(service.serverIsAlive(data.path())).isFalse();
                assertThat(DataDirectory.readNotes(postgres)).isEqualTo("before");
            }
        }
    }

    @Test
    void aKilledServerStartsAgainWithItsData() throws Exception {
        try (var service = ChildService.start(data.path())) {
            FinishedProcess.run("sh", "-c", "kill -KILL %d %d %d".formatted(service.watchdogPid(),
                    service.process().pid(),
                    service.serverPid()));
            service.process().onExit().join();
        }
        try (var postgres = data.start()) {
            assertThat(DataDirectory.readNotes(postgres)).isEqualTo("before");
        }
    }

    /// `setsid` gives the service its own process group, as a terminal does; the signal goes to the whole group. `env`
    /// resets SIGINT, because a build in the background of a shell ignores it.
    @Test
    @EnabledOnOs(OS.LINUX)
    void afterACtrlCTheServiceCanWriteUntilItStopsTheServer() throws Exception {
        try (var service = ChildService.start(data.path(), System.getProperty("java.class.path"), "env",
                "--default-signal=INT", "setsid")) {
            FinishedProcess.run("sh", "-c", "kill -INT -" + service.process().pid());

            assertThat(service.output().lines().collect(Collectors.joining("\n"))).isEqualTo("stopped");
            assertThat(service.serverIsAlive(data.path())).isFalse();
        }
        try (var postgres = data.start()) {
            assertThat(DataDirectory.readNotes(postgres)).startsWith("before,drained");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "own", "none", ""})
    void aPidFileThatNamesAnUnrelatedProcessDoesNotBlockTheStart(String pid) throws Exception {
        try (var postgres = data.start()) {
            DataDirectory.writeNote(postgres, "before");
        }
        var named = switch (pid) {
            case "own" -> String.valueOf(ProcessHandle.current().pid());
            default -> pid;
        };
        Files.writeString(data.path().resolve("db/postmaster.pid"),
                named.isEmpty() ? "" : "%s\n%s\n1700000000\n5432\n\n127.0.0.1\n  1234567         0\nready\n"
                .formatted(named, data.path().resolve("db")));

        try (var postgres = data.start()) {
            assertThat(DataDirectory.readNotes(postgres)).isEqualTo("before");
        }
    }

    @Test
    void theUnfinishedFilesOfAKilledStartAreDeletedByTheNextOne() throws Exception {
        Files.createDirectories(data.path().resolve("initdb-123/db/base"));
        Files.writeString(data.path().resolve("initdb-123/superuser.password"), "half");

        try (var postgres = data.start()) {
            assertThat(DataDirectory.query(postgres, "select 1")).isEqualTo("1");
            assertThat(data.path().resolve("initdb-123")).doesNotExist();
        }
    }
}
