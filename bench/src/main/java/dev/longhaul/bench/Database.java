package dev.longhaul.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;

/// The PostgreSQL that a service has embedded: all contestants of a bench run on this one server, each in a database of
/// its own.
///
/// @param data the service's directory of data
public record Database(Path data) {

    /// A way in for a contestant.
    public record Login(String url, String user, String password) {

        public Connection connect() throws SQLException {
            return DriverManager.getConnection(url, user, password);
        }

        /// As Node's drivers read it.
        public String uri() {
            return "postgres://" + user + ":" + password + "@" + url.substring("jdbc:postgresql://".length());
        }
    }

    /// The service's own rights. Its logins are kept in libpq's `pgpass`: host:port:database:user:password.
    public Login service() throws IOException {
        var line = Files.readAllLines(data.resolve("pgpass")).stream()
                .filter(login -> login.contains(":longhaul_service:")).findFirst().orElseThrow();
        return new Login(url("longhaul"), "longhaul_service", line.split(":")[4]);
    }

    public Login superuser() throws IOException {
        return superuser("longhaul");
    }

    /// A new database, for its superuser.
    public Login create(String name) throws SQLException, IOException {
        try (var connection = superuser().connect(); var statement = connection.createStatement()) {
            statement.execute("create database " + name + " template template0");
        }
        return superuser(name);
    }

    private Login superuser(String database) throws IOException {
        return new Login(url(database), "postgres", Files.readString(data.resolve("db/superuser.password")).strip());
    }

    /// The fourth line of the server's pid file is its port.
    private String url(String database) throws IOException {
        return "jdbc:postgresql://127.0.0.1:" + Files.readAllLines(data.resolve("db/postmaster.pid")).get(3)
                .strip() + "/" + database;
    }

    String about() throws SQLException, IOException {
        try (var connection = superuser().connect(); var statement = connection.createStatement();
             var row = statement.executeQuery("""
                     select 'PostgreSQL ' || current_setting('server_version') || ', fsync ' || current_setting('fsync')
                         || ', synchronous_commit ' || current_setting('synchronous_commit') || ', shared_buffers ' || current_setting('shared_buffers')""")) {
            row.next();
            return row.getString(1);
        }
    }

    /// Processor time of all the server's processes that there are now.
    public Duration cpu() throws IOException {
        var server = ProcessHandle.of(Long.parseLong(Files.readAllLines(data.resolve("db/postmaster.pid")).getFirst()
                .strip())).orElseThrow();
        return server.children().map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    /// Nanoseconds on a processor of the backends that a database has now. Contestants keep their connections, so the
    /// difference of two calls is what was spent in between; background processes of the server serve all and are left
    /// out.
    public long cpuNanos(String database) throws SQLException, IOException {
        var nanos = 0L;
        try (var connection = superuser("postgres").connect(); var statement = connection.createStatement();
                var rows = statement.executeQuery("select pid from pg_stat_activity where datname = '" + database
                + "' and backend_type = 'client backend'")) {
            while (rows.next()) {
                var stat = Path.of("/proc/" + rows.getInt(1) + "/schedstat");
                if (Files.exists(stat)) {
                    nanos += Long.parseLong(Files.readString(stat).split(" ")[0]);
                }
            }
        }
        return nanos;
    }

    /// What the server has logged since its start.
    public String log() throws IOException {
        return Files.readString(data.resolve("postgresql.log"));
    }
}
