package dev.longhaul;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

import dev.longhaul.embedded.DirectoryInUseException;
import dev.longhaul.embedded.EmbeddedPostgres;
import dev.longhaul.embedded.EmbeddedSettings;
import dev.longhaul.schema.Migrations;
import dev.longhaul.schema.SchemaSettings;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/// A real PostgreSQL, from which each test class takes a database of its own. There are three, since a transaction that
/// a test holds open delays the change feeds and hash chains of every database on its server.
///
/// Which PostgreSQL: the superuser's JDBC URL in `LONGHAUL_TEST_DB_URL`, e.g.
/// `jdbc:postgresql://127.0.0.1:5415/postgres?user=postgres`; else a container, where a Docker engine answers; else an
/// embedded server, in `target`. What was started ends with the JVM.
public final class TestDatabase {

    private static final Logger log = LoggerFactory.getLogger(TestDatabase.class);

    /// Roles belong to the whole server, so test runs that share one must agree on their passwords.
    private static final String PASSWORD = "only-in-tests";

    private final String superuserUrl;
    private final Queue<String> made = new ConcurrentLinkedQueue<>();
    private @Nullable String template;

    /// @param url          without a user, e.g. `jdbc:postgresql://127.0.0.1:5415/longhaul_test_4f1c`
    /// @param superuserUrl with user and password, for what neither owner nor service may do
    public record Database(String url, String serviceUser, String servicePassword, String ownerUser,
            String ownerPassword, String superuserUrl) {

        /// What makes a service use it.
        Map<String, String> environment() {
            return Map.of("SPRING_DATASOURCE_URL", url, "SPRING_DATASOURCE_USERNAME", serviceUser,
                    "SPRING_DATASOURCE_PASSWORD", servicePassword,
                    "SPRING_FLYWAY_URL", url, "SPRING_FLYWAY_USER", ownerUser, "SPRING_FLYWAY_PASSWORD", ownerPassword);
        }

        /// With user and password, for an auditor.
        public String readerUrl() {
            return url + "?user=longhaul_reader&password=" + PASSWORD;
        }
    }

    private static final class Processes {
        static final TestDatabase SERVER = choose();
    }

    private static final class Common {
        static final TestDatabase SERVER = choose();
    }

    private static final class Special {
        static final TestDatabase SERVER = choose();
    }

    /// For tests that start and kill processes; such classes run side by side.
    public static TestDatabase shared() {
        return Processes.SERVER;
    }

    /// For the one service with the common settings of [LonghaulTest]; its classes run one after the other.
    static TestDatabase common() {
        return Common.SERVER;
    }

    /// For services with settings of their own, and for tests of the bare schema; one class after the other.
    public static TestDatabase special() {
        return Special.SERVER;
    }

    /// A new, migrated database without rows; dropped when the JVM ends. It is a copy of one template, since a copy takes
    /// a tenth of the time of the migrations.
    public Database fresh() {
        return create("template " + template());
    }

    /// A new, empty database that longhaul_owner owns; dropped when the JVM ends.
    public Database empty() {
        return create("");
    }

    private Database create(String template) {
        var name = "longhaul_test_" + UUID.randomUUID().toString().replace("-", "");
        asSuperuser(statement -> statement.execute("create database " + name + " owner longhaul_owner " + template));
        made.add(name);
        return database(name);
    }

    private Database database(String name) {
        var server = URI.create(superuserUrl.substring("jdbc:".length()));
        var url = "jdbc:postgresql://" + server.getAuthority() + "/" + name;
        return new Database(url, "longhaul_service", PASSWORD, "longhaul_owner", PASSWORD, url + "?"
                + Objects.requireNonNullElse(server.getRawQuery(), ""));
    }

    /// Migrated once per JVM: a database that another JVM made may belong to other migrations, or to another day.
    private synchronized String template() {
        if (template == null) {
            var migrated = empty();
            Migrations.load(migrated.url(), migrated.ownerUser(), migrated.ownerPassword(),
                    new SchemaSettings("public")).migrate();
            template = migrated.url().substring(migrated.url().lastIndexOf('/') + 1);
        }
        return template;
    }

    private TestDatabase(String which, String superuserUrl, Runnable end) {
        this.superuserUrl = superuserUrl;
        asSuperuser(statement -> {
            // else two runs that alter one role fail each other
            statement.execute("select pg_advisory_lock(hashtext('longhaul tests'))");
            statement.execute(rolesScript());
            for (var role : List.of("longhaul_owner", "longhaul_service", "longhaul_reader")) {
                statement.execute("alter role " + role + " password '" + PASSWORD + "'");
            }
            var version = statement.executeQuery("show server_version");
            version.next();
            log.info("Tests use {}: PostgreSQL {}", which, version.getString(1));
        });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            drop(made);
            end.run();
        }));
    }

    private static TestDatabase choose() {
        var named = System.getenv("LONGHAUL_TEST_DB_URL");
        if (named != null && !named.isBlank()) {
            return new TestDatabase("the server that LONGHAUL_TEST_DB_URL names", named, () -> {});
        }
        if (dockerAnswers()) {
            var container = new PostgreSQLContainer("postgres:18");
            container.start();
            return new TestDatabase("a container",
                    "jdbc:postgresql://%s:%d/postgres?user=%s&password=%s".formatted(container.getHost(),
                    container.getMappedPort(5432), container.getUsername(), container.getPassword()), container::stop);
        }
        var embedded = embedded(1);
        var database = new TestDatabase("the embedded server",
                "jdbc:postgresql://127.0.0.1:%d/postgres?user=%s&password=%s".formatted(embedded.port(),
                embedded.superuser().user(), embedded.superuser().password()), embedded::close);
        database.dropLeftovers();
        return database;
    }

    /// Asked only where an engine may be: Testcontainers looks for one for seconds, and complains at length.
    private static boolean dockerAnswers() {
        var home = System.getProperty("user.home");
        var traces = Stream.of("/var/run/docker.sock", home + "/.docker/run/docker.sock", home
                + "/.docker/desktop/docker.sock",
                home + "/.testcontainers.properties", System.getenv("XDG_RUNTIME_DIR") + "/docker.sock");
        return (System.getenv("DOCKER_HOST") != null || traces.map(Path::of).anyMatch(Files::exists))
                && DockerClientFactory.instance().isDockerAvailable();
    }

    /// In the first directory that no other run uses; it stays, so that the next run starts in a fraction of a second.
    private static EmbeddedPostgres embedded(int number) {
        try {
            var settings = new EmbeddedSettings(Path.of("target", "test-database-" + number), 0);
            var server = EmbeddedPostgres.start(settings);
            if (allowManyConnections(server)) {
                server.close();
                return EmbeddedPostgres.start(settings);
            }
            return server;
        } catch (DirectoryInUseException byAnotherRun) {
            return embedded(number + 1);
        }
    }

    /// Each service of the tests has a pool of its own. True: it takes effect after a restart.
    private static boolean allowManyConnections(EmbeddedPostgres server) {
        try (var connection = DriverManager.getConnection("jdbc:postgresql://127.0.0.1:%d/postgres".formatted(
                server.port()), server.superuser().user(), server.superuser().password());
                var statement = connection.createStatement()) {
            var now = statement.executeQuery("show max_connections");
            now.next();
            if (now.getInt(1) == 300) {
                return false;
            }
            statement.execute("alter system set max_connections = 300");
            return true;
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /// Databases of runs that were killed; only in a server that is ours alone.
    private void dropLeftovers() {
        var names = new ArrayList<String>();
        asSuperuser(statement -> {
            var found = statement.executeQuery("select datname from pg_database where datname like "
                    + "'longhaul\\_test\\_%'");
            while (found.next()) {
                names.add(found.getString(1));
            }
        });
        drop(names);
    }

    private void drop(Iterable<String> names) {
        asSuperuser(statement -> {
            for (var name : names) {
                statement.execute("drop database if exists " + name + " with (force)");
            }
        });
    }

    private static String rolesScript() throws IOException {
        try (var script = Objects.requireNonNull(TestDatabase.class.getResourceAsStream("/db/roles.sql"),
                "db/roles.sql is not on the classpath")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private interface Work {
        void with(Statement statement) throws SQLException, IOException;
    }

    private void asSuperuser(Work work) {
        try (var connection = DriverManager.getConnection(superuserUrl); var statement = connection.createStatement()) {
            work.with(statement);
        } catch (SQLException | IOException failure) {
            throw new IllegalStateException("the tests' PostgreSQL should obey a superuser at "
                    + superuserUrl.replaceAll("password=[^&]*", "password=…"), failure);
        }
    }
}
