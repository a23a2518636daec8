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

/// Only root can switch users, so these tests are skipped for other users.
@EnabledOnOs(OS.LINUX)
class OsUserTest {

    private static final String NOBODY = "65534";

    @TempDir
    private Path temporary;

    private DataDirectory data;

    @BeforeEach
    void prepareReadableDirectoryAsRoot() throws IOException {
        assumeTrue(FinishedProcess.run("id", "-u").output().equals("0"), "not root");
        FinishedProcess.run("chmod", "755", temporary.toString());
        data = DataDirectory.in(temporary);
        var binaries = PostgresBinaries.unpackInto(data.path()).program("postgres").toRealPath();
        assumeTrue(asNobody("test", "-x", binaries.toString()).succeeded(), "other users cannot enter " + binaries);
    }

    private static FinishedProcess asNobody(String... command) {
        return new OsUser(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"), "")
                .run(command);
    }

    @Test
    void anOrdinaryUserRunsTheServer() throws Exception {
        FinishedProcess.run("chown", "-R", NOBODY + ":" + NOBODY, data.path().toString());
        try (var service = ChildService.start(data.path(), readableClassPath(), "setpriv", "--reuid=" + NOBODY,
                "--regid=" + NOBODY, "--clear-groups")) {
            assertThat(Files.getAttribute(data.path().resolve("db"), "unix:uid")).isEqualTo(Integer.valueOf(NOBODY));
            assertThat(service.serverIsAlive(data.path())).isTrue();
            FinishedProcess.run("sh", "-c", "kill -TERM " + service.process().pid());
            assertThat(service.output().lines()).containsExactly("stopped");
        }
    }

    /// The local Maven repository may be in root's home directory, which other users cannot enter.
    private String readableClassPath() throws IOException {
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
    void rootRunsTheServerAsTheOwnerOfTheData() throws Exception {
        try (var postgres = data.start()) {
            DataDirectory.writeNote(postgres, "before");
        }
        FinishedProcess.run("chown", "-R", NOBODY + ":" + NOBODY, data.path().resolve("db").toString());

        try (var postgres = data.start()) {
            assertThat(DataDirectory.readNotes(postgres)).isEqualTo("before");
            assertThat(Files.getAttribute(Path.of("/proc/" + postgres.serverPid()), "unix:uid"))
                    .isEqualTo(Integer.valueOf(NOBODY));
        }
    }
}
