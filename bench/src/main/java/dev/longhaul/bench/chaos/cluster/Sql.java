package dev.longhaul.bench.chaos.cluster;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/// A connection to the database as its superuser, past all proxies; it connects again when it was lost.
public final class Sql implements AutoCloseable {

    private final String url;
    private final Properties login = new Properties();
    private Connection connection;

    Sql(String url, String user, String password) {
        this.url = url;
        login.setProperty("user", user);
        login.setProperty("password", password);
        login.setProperty("ApplicationName", "chaos");
        login.setProperty("connectTimeout", "5");
        login.setProperty("socketTimeout", "120");
    }

    public interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    public interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    public synchronized <T> T with(Work<T> work) throws SQLException {
        try {
            return work.on(connection());
        } catch (SQLException failed) {
            if (failed.getSQLState() == null || failed.getSQLState().startsWith("08")
                    || failed.getSQLState().startsWith("57")) {
                close();
            }
            throw failed;
        }
    }

    private Connection connection() throws SQLException {
        if (connection == null || connection.isClosed()) {
            connection = DriverManager.getConnection(url, login);
        }
        return connection;
    }

    public <T> List<T> list(String query, Reader<T> reader, Object... parameters) throws SQLException {
        return with(connection -> list(connection, query, reader, parameters));
    }

    public static <T> List<T> list(Connection connection, String query, Reader<T> reader, Object... parameters)
            throws SQLException {
        try (var statement = connection.prepareStatement(query)) {
            bind(connection, statement, parameters);
            try (var rows = statement.executeQuery()) {
                var all = new ArrayList<T>();
                while (rows.next()) {
                    all.add(reader.read(rows));
                }
                return all;
            }
        }
    }

    /// @param parameters texts, numbers, or arrays of texts
    private static void bind(Connection connection, PreparedStatement statement, Object... parameters)
            throws SQLException {
        for (var n = 0; n < parameters.length; n++) {
            statement.setObject(n + 1, parameters[n] instanceof String[] texts
                    ? connection.createArrayOf("text", texts) : parameters[n]);
        }
    }

    /// @param query has one row with one number
    public long number(String query, Object... parameters) throws SQLException {
        return list(query, row -> row.getLong(1), parameters).getFirst();
    }

    public void execute(String statements) throws SQLException {
        with(connection -> {
            try (var statement = connection.createStatement()) {
                return statement.execute(statements);
            }
        });
    }

    @Override
    public synchronized void close() {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException lost) {
            // it is closed either way
        }
        connection = null;
    }
}
