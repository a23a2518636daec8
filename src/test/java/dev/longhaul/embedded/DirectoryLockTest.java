package dev.longhaul.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.longhaul.Shell;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {

    @Test
    void aSecondServiceIsRefusedWithTheNameOfTheFirst(@TempDir Path temporary) throws Exception {
        var data = DataDirectory.in(temporary);
        try (var first = ChildService.start(data.path())) {
            for (int attempt = 1; attempt <= 2; attempt++) {   // a failed attempt must not release the lock
                assertThatExceptionOfType(DirectoryInUseException.class).isThrownBy(data::start)
                        .withMessageMatching(("The data directory %s is already used by process %d, started 20\\S+Z; "
                                + "only one "
                                + "service may use it\\.")
                                .formatted(data.path().toRealPath(), first.process().pid()));
            }
            assertThat(first.serverIsAlive(data.path())).isTrue();
        }
    }

    @Test
    void aSecondServiceInTheSameProcessIsRefusedAndKeepsTheLockOfTheFirst(@TempDir Path temporary) throws Exception {
        var data = DataDirectory.in(temporary);
        try (var first = data.start()) {
            assertThatExceptionOfType(DirectoryInUseException.class).isThrownBy(data::start);
            assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> ChildService.start(data.path()))
                    .withMessageContaining("refused The data directory " + data.path().toRealPath());
            assertThat(DataDirectory.query(first, "select 1")).isEqualTo("1");
        }
    }

    @Test
    void theRefusalIsPrintedWithoutAStackTrace(@TempDir Path temporary) throws Exception {
        var data = DataDirectory.in(temporary);
        try (var first = data.start()) {
            var command = new Shell(URI.create("http://127.0.0.1:1")).command(false, "server", "--server.port=0",
                    "--longhaul.embedded.dir=" + data.path());
            var second = new ProcessBuilder(command).redirectErrorStream(true).start();
            var output = new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(second.waitFor()).isEqualTo(1);
            assertThat(output).contains("APPLICATION FAILED TO START")
                    .contains("The data directory " + data.path().toRealPath() + " is already used by process ")
                    .contains("Stop that service, or give this one another directory")
                    .doesNotContain("\tat dev.longhaul");
            assertThat(first.port()).isPositive();
        }
    }
}
