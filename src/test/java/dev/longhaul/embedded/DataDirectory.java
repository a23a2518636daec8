package dev.longhaul.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.logging.Level;
import java.util.logging.Logger;

/// A data directory for one test. It links to the binaries in `target`, because unpacking takes a second.
record DataDirectory(Path path) {

    /// JUnit logs a warning for each link that it removes without its target, which is intended here. The reference
    /// keeps the logger and its level from garbage collection.
    private static final Logger TEMPORARY_DIRECTORIES = Logger.getLogger("org.junit.jupiter.engine.extension");

    static {
        TEMPORARY_DIRECTORIES.setLevel(Level.SEVERE);
    }

    static DataDirectory in(Path temporary) throws IOException {
        var path = Files.createDirectories(temporary.resolve("data"));
        var binaries = PostgresBinaries.unpackInto(Files.createDirectories(Path.of("target", "embedded-binaries"))
                .toRealPath()).home();
        Files.createSymbolicLink(path.resolve(binaries.getFileName()), binaries);
        return new DataDirectory(path);
    }

    EmbeddedPostgres start() {
        return EmbeddedPostgres.start(new EmbeddedSettings(path, 0));
    }

    /// Commits a row that a later [#readNotes] must find.
    static void writeNote(EmbeddedPostgres postgres, String text) throws SQLException {
        try (var connection = connect(postgres.url(), postgres.owner()); var statement = connection.createStatement()) {
            statement.execute("create table if not exists note (text text)");
            statement.execute("insert into note values ('" + text + "')");
        }
    }

    static String readNotes(EmbeddedPostgres postgres) throws SQLException {
        return query(postgres, "select string_agg(text, ',' order by text) from note");
    }

    static String query(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (var connection = connect(postgres.url(), postgres.superuser());
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    static Connection connect(String url, Credentials credentials) throws SQLException {
        return DriverManager.getConnection(url, credentials.user(), credentials.password());
    }
}
