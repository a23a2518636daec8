package dev.longhaul.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.Set;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {

    private DataDirectory data;

    @BeforeEach
    void directory(@TempDir Path temporary) throws IOException {
        data = DataDirectory.in(temporary);
    }

    @Test
    void commitsAreDurable() throws Exception {
        try (var postgres = data.start()) {
            assertThat(DataDirectory.query(postgres, "show fsync")).isEqualTo("on");
            assertThat(DataDirectory.query(postgres, "show synchronous_commit")).isEqualTo("on");
            assertThat(DataDirectory.query(postgres, "show full_page_writes")).isEqualTo("on");
            assertThat(DataDirectory.query(postgres, "show data_checksums")).isEqualTo("on");
        }
    }

    @Test
    void aServerWithoutDurableCommitsIsRefused() throws Exception {
        try (var postgres = data.start()) {
            try (var superuser = DataDirectory.connect(postgres.url(), postgres.superuser()); var statement =
                    superuser.createStatement()) {
                statement.execute("alter role longhaul_service set synchronous_commit = off");
            }
        }

        assertThatExceptionOfType(EmbeddedPostgresException.class).isThrownBy(data::start)
                .withMessage("synchronous_commit must be on for longhaul_service, not off.");
    }

    @Test
    void onlyThisMachineCanConnect() throws Exception {
        try (var postgres = data.start()) {
            assertThat(DataDirectory.query(postgres, "show listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(DataDirectory.query(postgres, "show unix_socket_directories")).isEmpty();
            for (var address : externalAddresses()) {
                assertThatExceptionOfType(ConnectException.class)
                        .isThrownBy(() -> new Socket(address, postgres.port()).close());
            }
        }
    }

    private static Iterable<InetAddress> externalAddresses() throws IOException {
        return NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress()).toList();
    }

    @Test
    void dataAndPasswordsSurviveARestart() throws Exception {
        Credentials service;
        try (var postgres = data.start()) {
            service = postgres.service();
            DataDirectory.writeNote(postgres, "before");
        }
        try (var postgres = data.start()) {
            assertThat(DataDirectory.readNotes(postgres)).isEqualTo("before");
            assertThat(postgres.service()).isEqualTo(service);
        }
    }

    @Test
    void thePortThatWasChosenInsteadOfATakenOneIsKept() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            var settings = new EmbeddedSettings(data.path(), taken.getLocalPort());
            var first = EmbeddedPostgres.start(settings);
            var chosen = first.port();
            first.close();

            assertThat(chosen).isNotEqualTo(taken.getLocalPort());
            taken.close();
            try (var second = EmbeddedPostgres.start(settings)) {
                assertThat(second.port()).as("also after the wanted one is free").isEqualTo(chosen);
            }
        }
    }

    @Test
    void aDeletedPasswordFileIsWrittenAgain() throws Exception {
        data.start().close();
        Files.delete(data.path().resolve("pgpass"));

        try (var postgres = data.start(); var service = DataDirectory.connect(postgres.url(), postgres.service())) {
            assertThat(service.isValid(5)).isTrue();
        }
    }

    @Test
    void textIsUtf8AndSortsTheSameOnEveryMachine() throws Exception {
        try (var postgres = data.start()) {
            assertThat(DataDirectory.query(postgres,
                    "select pg_encoding_to_char(encoding) || ' ' || datlocale from pg_database where datname = "
                    + "'longhaul'"))
                    .isEqualTo("UTF8 C.UTF-8");
            assertThat(DataDirectory.query(postgres, "select upper('ä')")).isEqualTo("Ä");
        }
    }

    @Test
    void passwordsAreRequiredAndReadableByTheirOwnerOnly() throws Exception {
        try (var postgres = data.start()) {
            for (var secret : Set.of("pgpass", "db/superuser.password")) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.path().resolve(secret))))
                        .isEqualTo("rw-------");
            }
            assertThat(data.path().resolve("pgpass")).content()
                    .contains("127.0.0.1:*:*:longhaul_owner:" + postgres.owner().password() + "\n")
                    .contains("127.0.0.1:*:*:longhaul_service:" + postgres.service().password() + "\n");
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> DataDirectory.connect(postgres.url(),
                            new Credentials("longhaul_service", "guessed")).close())
                    .withMessageContaining("password authentication failed");
            assertThat(postgres.psql())
                    .isEqualTo("PGPASSFILE=%s/pgpass psql -h 127.0.0.1 -p %d -U longhaul_service longhaul"
                    .formatted(data.path(), postgres.port()));
        }
    }

    @Test
    void aTakenPortIsReplacedByAFreeOne() throws Exception {
        try (var other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                var postgres = EmbeddedPostgres.start(new EmbeddedSettings(data.path(), other.getLocalPort()))) {
            assertThat(postgres.port()).isNotEqualTo(other.getLocalPort());
            assertThat(DataDirectory.query(postgres, "show port")).isEqualTo(String.valueOf(postgres.port()));
        }
    }

    @Test
    void aFailedStartReportsTheLog() throws Exception {
        data.start().close();
        Files.writeString(data.path().resolve("db/postgresql.conf"), "shared_buffers = 'a lot'\n");

        assertThatExceptionOfType(EmbeddedPostgresException.class).isThrownBy(data::start)
                .withMessageContaining("PostgreSQL did not start")
                .withMessageContaining("invalid value for parameter \"shared_buffers\": \"a lot\"");
    }

    @Test
    void dataOfAnotherMajorVersionIsNotTouched() throws Exception {
        data.start().close();
        Files.writeString(data.path().resolve("db/PG_VERSION"), "17\n");

        assertThatExceptionOfType(EmbeddedPostgresException.class).isThrownBy(data::start)
                .withMessage("The data in %s must be of PostgreSQL 18, not of PostgreSQL 17.",
                data.path().resolve("db").toRealPath());
    }

    @Test
    void invalidSettingsAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new EmbeddedSettings(Path.of("data"), 65_536))
                .withMessage("longhaul.embedded.port must be between 0 and 65535, not 65536");
        assertThatIllegalArgumentException().isThrownBy(() -> new EmbeddedSettings(Path.of(""), 0))
                .withMessage("longhaul.embedded.dir must not be blank");
    }

    @Test
    void theBinariesMatchTheMachine() {
        assertThat(PostgresBinaries.archiveName("Linux", "amd64")).isEqualTo("postgres-linux-x86_64.txz");
        assertThat(PostgresBinaries.archiveName("Linux", "aarch64")).isEqualTo("postgres-linux-arm_64.txz");
        assertThat(PostgresBinaries.archiveName("Mac OS X", "aarch64")).isEqualTo("postgres-darwin-arm_64.txz");
    }
}
