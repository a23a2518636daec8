package dev.longhaul.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

/// Creates roles, passwords and the database at every start, and verifies that commits are durable.
///
/// @param port of the server on 127.0.0.1
record DatabaseSetup(int port, PasswordFile passwords) {

    static final String DATABASE = "longhaul";

    /// With these on, an acknowledged commit survives a power cut.
    private static final List<String> DURABILITY_SETTINGS = List.of("fsync", "synchronous_commit", "full_page_writes");

    String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    void run() throws SQLException, IOException {
        try (var superuser = connect("postgres", PasswordFile.SUPERUSER)) {
            createRoles(superuser);
            for (var role : List.of(PasswordFile.OWNER, PasswordFile.SERVICE, PasswordFile.READER)) {
                setPassword(superuser, passwords.credentials(role));
            }
            createDatabase(superuser);
        }
        try (var service = connect(DATABASE, PasswordFile.SERVICE)) {
            requireDurableCommits(service);
        }
    }

    private Connection connect(String database, String role) throws SQLException {
        var credentials = passwords.credentials(role);
        return DriverManager.getConnection(url(database), credentials.user(), credentials.password());
    }

    private static void createRoles(Connection superuser) throws SQLException, IOException {
        try (var script = DatabaseSetup.class.getResourceAsStream("/db/roles.sql"); var statement =
                superuser.createStatement()) {
            if (script == null) {
                throw new EmbeddedPostgresException("db/roles.sql is missing on the classpath.",
                        "Build Longhaul with its pom.xml.");
            }
            statement.execute(new String(script.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /// `alter role` takes no parameters; `format` quotes them.
    private static final String ALTER_ROLE = "select format('alter role %I password %L', ?, ?)";

    private static void setPassword(Connection superuser, Credentials credentials) throws SQLException {
        try (var format = superuser.prepareStatement(ALTER_ROLE)) {
            format.setString(1, credentials.user());
            format.setString(2, credentials.password());
            try (var sql = format.executeQuery(); var alter = superuser.createStatement()) {
                sql.next();
                alter.execute(sql.getString(1));
            }
        }
    }

    private static final String EXISTS = "select from pg_database where datname = 'longhaul'";
    private static final String CREATE = "create database longhaul owner longhaul_owner";

    private static void createDatabase(Connection superuser) throws SQLException {
        try (var statement = superuser.createStatement()) {
            if (!statement.executeQuery(EXISTS).next()) {
                statement.execute(CREATE);
            }
        }
    }

    private static void requireDurableCommits(Connection service) throws SQLException {
        for (var setting : DURABILITY_SETTINGS) {
            try (var show = service.prepareStatement("select current_setting(?)")) {
                show.setString(1, setting);
                try (var row = show.executeQuery()) {
                    row.next();
                    if (!row.getString(1).equals("on")) {
                        throw new EmbeddedPostgresException("%s must be on for longhaul_service, not %s."
                                .formatted(setting, row.getString(1)),
                                "Undo the `alter role` or `alter database` that set it.");
                    }
                }
            }
        }
    }
}
