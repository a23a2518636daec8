package dev.longhaul.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
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
    void theRefusalIsPrintedWithoutAStackTrace(@TempDir Path temporary, CapturedOutput output)
            throws Exception {
        var data = DataDirectory.in(temporary);
        try (var first = data.start()) {
            var second = new SpringApplicationBuilder(EmbeddedConfiguration.class).web(WebApplicationType.NONE).build();

            assertThatExceptionOfType(Exception.class)
                    .isThrownBy(() -> second.run("--longhaul.embedded.dir=" + data.path(),
                            "--spring.main.register-shutdown-hook=false"));

            assertThat(output).contains("APPLICATION FAILED TO START")
                    .contains("The data directory " + data.path().toRealPath() + " is already used by process ")
                    .contains("Stop that service, or give this one another directory")
                    .doesNotContain("\tat dev.longhaul");
            assertThat(first.port()).isPositive();
        }
    }
}
