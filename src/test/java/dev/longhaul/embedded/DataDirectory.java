package dev.longhaul.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.logging.Level;
import java.util.logging.Logger;

/// A data directory for one test, with the binaries linked to those that `target` keeps unpacked: unpacking takes a
/// second.
record DataDirectory(Path path) {

    /// JUnit warns of each link that it removes without what it points to, which is what we want; held, for a logger's
    /// level dies with it.
    private static final Logger TEMPORARY_DIRECTORIES = Logger.getLogger("org.junit.jupiter.engine.extension");

    static {
        TEMPORARY_DIRECTORIES.setLevel(Level.SEVERE);
    }

    static DataDirectory in(Path temporary) throws IOException {
        var path = Files.createDirectories(temporary.resolve("data"));
        var kept = PostgresBinaries.unpackedIn(Files.createDirectories(Path.of("target", "embedded-binaries"))
                .toRealPath()).home();
        Files.createSymbolicLink(path.resolve(kept.getFileName()), kept);
        return new DataDirectory(path);
    }

    EmbeddedPostgres start() {
        return EmbeddedPostgres.start(new EmbeddedSettings(path, 0));
    }

    /// Commits one row that a later [#notes] must find.
    static void note(EmbeddedPostgres postgres, String text) throws SQLException {
        try (var connection = connect(postgres.url(), postgres.owner()); var statement = connection.createStatement()) {
            statement.execute("create table if not exists note (text text)");
            statement.execute("insert into note values ('" + text + "')");
        }
    }

    static String notes(EmbeddedPostgres postgres) throws SQLException {
        return ask(postgres, "select string_agg(text, ',' order by text) from note");
    }

    static String ask(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (var connection = connect(postgres.url(), postgres.superuser());
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    static Connection connect(String url, Credentials login) throws SQLException {
        return DriverManager.getConnection(url, login.user(), login.password());
    }
}
