package dev.longhaul.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A PostgreSQL of our own on 127.0.0.1, running from [#start] to [#close].
public final class EmbeddedPostgres implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);

    private final EmbeddedSettings settings;
    private final DirectoryLock lock;
    private final Cluster.Server server;
    private final DatabaseSetup database;
    private boolean closed;

    private EmbeddedPostgres(EmbeddedSettings settings, DirectoryLock lock, Cluster.Server server,
            DatabaseSetup database) {
        this.settings = settings;
        this.lock = lock;
        this.server = server;
        this.database = database;
    }

    /// Returns when the database `longhaul` accepts connections. Fails with [DirectoryInUseException] when another
    /// service has the directory, and with [EmbeddedPostgresException] when PostgreSQL cannot run; nothing is left
    /// running then.
    public static EmbeddedPostgres start(EmbeddedSettings settings) {
        var began = Instant.now();
        try {
            var dir = Files.createDirectories(settings.dir()).toRealPath();
            var lock = DirectoryLock.take(dir);
            try {
                var postgres = start(settings, dir, lock);
                log.info("PostgreSQL is up on 127.0.0.1:{}, data in {}, after {} ms; {}", postgres.port(), dir,
                        Duration.between(began, Instant.now()).toMillis(), postgres.psql());
                return postgres;
            } catch (IOException | SQLException | RuntimeException failure) {
                lock.close();
                throw failure;
            }
        } catch (IOException | SQLException failure) {
            throw new EmbeddedPostgresException("PostgreSQL should have started in %s: %s".formatted(settings.dir(),
                    failure),
                    "Check that the directory may be written and that its disk has room, or name a database with "
                    + "spring.datasource.url.", failure);
        }
    }

    private static EmbeddedPostgres start(EmbeddedSettings settings, Path dir, DirectoryLock lock)
            throws IOException, SQLException {
        StaleFiles.clear(dir);
        var cluster = new Cluster(dir, PostgresBinaries.unpackedIn(dir), OsUser.fit(dir.resolve("db")));
        cluster.stopOrphan();
        cluster.initialise();
        var server = cluster.start(settings.port());
        try {
            var passwords = PasswordFile.keptIn(dir.resolve("pgpass"), Files.readString(cluster.superuserPassword())
                    .strip());
            var database = new DatabaseSetup(server.port(), passwords);
            database.run();
            return new EmbeddedPostgres(settings, lock, server, database);
        } catch (IOException | SQLException | RuntimeException failure) {
            server.guard().stopServer();
            throw failure;
        }
    }

    /// The JDBC URL of the database `longhaul`, without a user.
    public String url() {
        return database.url(DatabaseSetup.DATABASE);
    }

    public int port() {
        return server.port();
    }

    /// The role of the running service.
    public Credentials service() {
        return database.passwords().login(PasswordFile.SERVICE);
    }

    /// The role that owns the schema and migrates it.
    public Credentials owner() {
        return database.passwords().login(PasswordFile.OWNER);
    }

    /// The role that may do everything, for tests and repairs.
    public Credentials superuser() {
        return database.passwords().login(PasswordFile.SUPERUSER);
    }

    /// A shell command that looks into the database, for the banner, from the directory in which the service was
    /// started.
    public String psql() {
        var pgpass = settings.dir().normalize().resolve("pgpass").toString();
        return "PGPASSFILE=%s psql -h 127.0.0.1 -p %d -U %s %s".formatted(
                pgpass.contains(" ") ? "'" + pgpass + "'" : pgpass, port(), PasswordFile.SERVICE,
                DatabaseSetup.DATABASE);
    }

    long serverPid() {
        return server.guard().postmaster().pid();
    }

    long guardPid() {
        return server.guard().pid();
    }

    /// Stops the server: open transactions are rolled back, a checkpoint is written. Waits for it; closing twice is
    /// closing once.
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        server.guard().stopServer();
        try {
            lock.close();
        } catch (IOException failure) {
            log.warn("{} stays locked until this process ends", settings.dir(), failure);
        }
    }
}
