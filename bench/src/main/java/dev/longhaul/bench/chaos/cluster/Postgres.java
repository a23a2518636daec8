package dev.longhaul.bench.chaos.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// PostgreSQL on a data directory that a service with its embedded database has made and migrated. This program starts
/// and stops the server itself, so that it can stop it as in a crash.
public final class Postgres implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(60);

    private final Path directory;
    private final Path data;
    private final int port;
    private final Sql sql;
    private Process server;

    /// @param directory what was `longhaul.embedded.dir`
    Postgres(Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        this.data = directory.resolve("db");
        this.port = Processes.freePort();
        this.sql = new Sql("jdbc:postgresql://127.0.0.1:" + port + "/longhaul", "postgres",
                Files.readString(data.resolve("superuser.password")).strip());
        start();
    }

    public int port() {
        return port;
    }

    /// As the superuser.
    public Sql sql() {
        return sql;
    }

    /// The logins are kept in libpq's `pgpass`: host:port:database:user:password.
    String password(String role) throws IOException {
        return Files.readAllLines(directory.resolve("pgpass")).stream().filter(line -> line.contains(":" + role + ":"))
                .findFirst().orElseThrow().split(":")[4];
    }

    public void start() throws IOException, InterruptedException {
        try (var homes = Files.newDirectoryStream(directory, "postgresql-*[0-9]")) {
            var program = homes.iterator().next().resolve("bin/postgres").toString();
            var command = Processes.concat(Processes.asOwnerOf(data), List.of(program, "-D", data.toString(),
                    "-c", "port=" + port, "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
                    "-c", "fsync=on", "-c", "synchronous_commit=on", "-c", "full_page_writes=on",
                    "-c", "shared_buffers=128MB", "-c", "autovacuum_max_workers=1"));
            var builder = new ProcessBuilder(command).directory(Path.of("/").toFile()).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("postgresql.log").toFile()));
            builder.environment().put("LC_ALL", "C");
            server = builder.start();
        }
        if (!Wait.until(START, () -> sql.number("select 1") == 1)) {
            throw new IllegalStateException("PostgreSQL did not start; see " + directory.resolve("postgresql.log"));
        }
    }

    /// No checkpoint, no message to clients: the next start recovers from the log.
    public void stopImmediately() throws IOException, InterruptedException {
        sql.close();
        Processes.signal(server.pid(), "QUIT");
        server.waitFor();
    }

    /// Process ids of sessions.
    ///
    /// @param condition on `pg_stat_activity`
    public List<Long> sessions(String condition) throws java.sql.SQLException {
        return sql.list("select pid from pg_stat_activity where backend_type = 'client backend' and usename <> "
                + "'postgres' and (" + condition + ") order by pid", row -> row.getLong(1));
    }

    @Override
    public void close() {
        sql.close();
        try {
            if (server.isAlive()) {
                Processes.signal(server.pid(), "INT");
                if (!server.waitFor(30, TimeUnit.SECONDS)) {
                    Processes.signal(server.pid(), "QUIT");
                    server.waitFor(10, TimeUnit.SECONDS);
                }
            }
        } catch (IOException | InterruptedException failed) {
            server.destroy();
        }
    }
}
