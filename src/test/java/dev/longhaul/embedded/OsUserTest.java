package dev.longhaul.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Only root can become someone else, so these run as root and are skipped for others; all other tests run as whoever
/// you are.
@EnabledOnOs(OS.LINUX)
class OsUserTest {

    private static final String NOBODY = "65534";

    @TempDir
    private Path temporary;

    private DataDirectory data;

    @BeforeEach
    void asRootInADirectoryThatOthersMayEnter() throws IOException {
        assumeTrue(FinishedProcess.run("id", "-u").output().equals("0"), "not root");
        FinishedProcess.run("chmod", "755", temporary.toString());
        data = DataDirectory.in(temporary);
        var binaries = PostgresBinaries.unpackedIn(data.path()).program("postgres").toRealPath();
        assumeTrue(asNobody("test", "-x", binaries.toString()).succeeded(), "others may not enter " + binaries);
    }

    private static FinishedProcess asNobody(String... words) {
        return new OsUser(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"), "")
                .run(words);
    }

    @Test
    void anOrdinaryUserRunsIt() throws Exception {
        FinishedProcess.run("chown", "-R", NOBODY + ":" + NOBODY, data.path().toString());
        try (var service = ChildService.start(data.path(), classPathThatOthersMayRead(), "setpriv", "--reuid=" + NOBODY,
                "--regid=" + NOBODY, "--clear-groups")) {
            assertThat(Files.getAttribute(data.path().resolve("db"), "unix:uid")).isEqualTo(Integer.valueOf(NOBODY));
            assertThat(service.serverIsAlive(data.path())).isTrue();
            FinishedProcess.run("sh", "-c", "kill -TERM " + service.process().pid());
            assertThat(service.said().lines()).containsExactly("stopped");
        }
    }

    /// The local repository may lie in root's closed home directory.
    private String classPathThatOthersMayRead() throws IOException {
        var copies = new ArrayList<String>();
        for (var entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            var copy = temporary.resolve("classpath-" + copies.size());
            if (entry.endsWith(".jar")) {
                copy = Files.createDirectories(copy).resolve(Path.of(entry).getFileName());
                Files.copy(Path.of(entry), copy);
            } else {
                FinishedProcess.run("cp", "-r", entry, copy.toString());
            }
            copies.add(copy.toString());
        }
        return String.join(File.pathSeparator, copies);
    }

    @Test
    void rootRunsTheDataOfAnotherUserAsThatUser() throws Exception {
        try (var postgres = data.start()) {
            DataDirectory.note(postgres, "before");
        }
        FinishedProcess.run("chown", "-R", NOBODY + ":" + NOBODY, data.path().resolve("db").toString());

        try (var postgres = data.start()) {
            assertThat(DataDirectory.notes(postgres)).isEqualTo("before");
            assertThat(Files.getAttribute(Path.of("/proc/" + postgres.serverPid()), "unix:uid"))
                    .isEqualTo(Integer.valueOf(NOBODY));
        }
    }
}
