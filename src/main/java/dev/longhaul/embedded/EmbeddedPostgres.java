package dev.longhaul.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A PostgreSQL server on 127.0.0.1 that runs from [#start] to [#close].
public final class EmbeddedPostgres implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);

    private final EmbeddedSettings settings;
    private final DirectoryLock lock;
    private final Cluster.EmbeddedServer server;
    private final DatabaseSetup database;
    private boolean closed;

    private EmbeddedPostgres(EmbeddedSettings settings, DirectoryLock lock, Cluster.EmbeddedServer server,
            DatabaseSetup database) {
        this.settings = settings;
        this.lock = lock;
        this.server = server;
        this.database = database;
    }

    /// Returns when the database `longhaul` accepts connections. After a failure no process is left running.
    ///
    /// @throws DirectoryInUseException   if another service uses the directory
    /// @throws EmbeddedPostgresException if PostgreSQL cannot run
    public static EmbeddedPostgres start(EmbeddedSettings settings) {
        var startedAt = Instant.now();
        try {
            var dir = Files.createDirectories(settings.dir()).toRealPath();
            var lock = DirectoryLock.acquire(dir);
            try {
                var postgres = start(settings, dir, lock);
                log.info("PostgreSQL started on 127.0.0.1:{}, data in {}, after {} ms; {}", postgres.port(), dir,
                        Duration.between(startedAt, Instant.now()).toMillis(), postgres.psql());
                return postgres;
            } catch (IOException | SQLException | RuntimeException failure) {
                lock.close();
                throw failure;
            }
        } catch (IOException | SQLException failure) {
            throw new EmbeddedPostgresException("PostgreSQL could not start in %s: %s".formatted(settings.dir(),
                    failure),
                    "Check that the directory is writable and its disk has space, or name a database with "
                    + "spring.datasource.url.", failure);
        }
    }

    private static EmbeddedPostgres start(EmbeddedSettings settings, Path dir, DirectoryLock lock)
            throws IOException, SQLException {
        StaleFiles.delete(dir);
        var cluster = new Cluster(dir, PostgresBinaries.unpackInto(dir), OsUser.forDataDirectory(dir.resolve("db")));
        cluster.stopOrphan();
        cluster.initialise();
        var server = cluster.start(settings.port());
        try {
            var passwords = PasswordFile.loadOrCreate(dir.resolve("pgpass"),
                    Files.readString(cluster.superuserPassword())
                    .strip());
            var database = new DatabaseSetup(server.port(), passwords);
            database.run();
            return new EmbeddedPostgres(settings, lock, server, database);
        } catch (IOException | SQLException | RuntimeException failure) {
            server.watchdog().stopServer();
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
        return database.passwords().credentials(PasswordFile.SERVICE);
    }

    /// The role that owns the schema and migrates it.
    public Credentials owner() {
        return database.passwords().credentials(PasswordFile.OWNER);
    }

    /// For tests and repairs.
    public Credentials superuser() {
        return database.passwords().credentials(PasswordFile.SUPERUSER);
    }

    /// The psql command for the startup banner, to be run in the working directory of the service.
    public String psql() {
        var pgpass = settings.dir().normalize().resolve("pgpass").toString();
        return "PGPASSFILE=%s psql -h 127.0.0.1 -p %d -U %s %s".formatted(
                pgpass.contains(" ") ? "'" + pgpass + "'" : pgpass, port(), PasswordFile.SERVICE,
                DatabaseSetup.DATABASE);
    }

    long serverPid() {
        return server.watchdog().postmaster().pid();
    }

    long watchdogPid() {
        return server.watchdog().pid();
    }

    /// Rolls back open transactions, writes a checkpoint, and waits for the server to end. A second call has no effect.
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        server.watchdog().stopServer();
        try {
            lock.close();
        } catch (IOException failure) {
            log.warn("{} stays locked until this process ends", settings.dir(), failure);
        }
    }
}
