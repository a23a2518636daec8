package dev.longhaul.promises;

import dev.longhaul.TestDatabase;
import dev.longhaul.embedded.EmbeddedPostgres;
import dev.longhaul.embedded.EmbeddedSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// A PostgreSQL of its own for a test that stops it as in a crash, or takes away the ground it stands on.
final class CrashingDatabase implements AutoCloseable {

    private final Path directory;
    private final int port;
    private EmbeddedPostgres postgres;

    CrashingDatabase(Path directory) {
        this.directory = directory;
        this.postgres = EmbeddedPostgres.start(new EmbeddedSettings(directory, 0));
        this.port = postgres.port();
    }

    TestDatabase.Database database() {
        return new TestDatabase.Database(postgres.url(), postgres.service().user(), postgres.service().password(),
                postgres.owner().user(),
                postgres.owner().password(), postgres.url() + "?user=" + postgres.superuser().user() + "&password="
                + postgres.superuser().password());
    }

    JdbcClient asSuperuser() {
        return JdbcClient.create(new DriverManagerDataSource(database().superuserUrl()));
    }

    /// No checkpoint, no farewell to clients: the next start recovers from the log.
    void stopImmediately() throws IOException, InterruptedException {
        var pid = Long.parseLong(Files.readAllLines(directory.resolve("db/postmaster.pid")).getFirst().strip());
        var server = ProcessHandle.of(pid).orElseThrow();
        new ProcessBuilder("kill", "-QUIT", String.valueOf(pid)).start().waitFor();
        server.onExit().join();
        postgres.close();
    }

    /// On the port where the services look for it.
    void startAgain() {
        postgres.close();
        postgres = EmbeddedPostgres.start(new EmbeddedSettings(directory, port));
        if (postgres.port() != port) {
            throw new IllegalStateException("PostgreSQL should be on port " + port + " again, not on "
                    + postgres.port());
        }
    }

    @Override
    public void close() {
        postgres.close();
    }
}
