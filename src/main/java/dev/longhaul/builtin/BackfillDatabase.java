package dev.longhaul.builtin;

import dev.longhaul.operation.Text;
import dev.longhaul.task.NotRetryable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// A database that the settings permit for backfills.
///
/// @param isOwn true: Longhaul's own database, where a chunk and its checkpoint commit together
record BackfillDatabase(JdbcTemplate jdbc, boolean isOwn) {

    /// @param min null: no keys
    /// @param max null: no keys
    record Range(@Nullable Long min, @Nullable Long max) {}

    static BackfillDatabase find(String name, SqlBackfillSettings settings, JdbcTemplate own) throws NotRetryable {
        if (name.equals(SqlBackfillSettings.OWN)) {
            if (!settings.ownDatabase()) {
                throw new NotRetryable("backfills of Longhaul's own database are not allowed: "
                        + "longhaul.sql-backfill.own-database is false");
            }
            return new BackfillDatabase(own, true);
        }
        var target = settings.connections().get(name);
        if (target == null) {
            throw new NotRetryable("unknown connection %s for backfills; longhaul.sql-backfill.connections has %s"
                    .formatted(Text.quoted(name),
                    settings.connections().isEmpty()
                    ? "none" : String.join(", ", settings.connections().keySet().stream().sorted().toList())));
        }
        // One connection per chunk costs a few milliseconds; none is held during the pauses.
        var properties = new Properties();
        properties.put("ApplicationName", "longhaul backfill");
        properties.put("tcpKeepAlive", "true");
        var source = new DriverManagerDataSource(target.url(), properties);
        source.setUsername(target.username());
        source.setPassword(target.password());
        return new BackfillDatabase(new JdbcTemplate(source), false);
    }

    /// Reads the smallest and the largest key.
    Range range(String table, String key) throws Exception {
        try {
            return jdbc.execute((ConnectionCallback<Range>) connection -> {
                // Identifiers cannot be parameters, so the driver quotes them.
                var postgres = connection.unwrap(PGConnection.class);
                var names = new ArrayList<String>();
                for (var name : table.split("\\.", -1)) {
                    names.add(postgres.escapeIdentifier(name));
                }
                var statement = "select min(%1$s), max(%1$s) from %2$s".formatted(postgres.escapeIdentifier(key),
                        String.join(".", names));
                try (var query = connection.createStatement(); var found = query.executeQuery(statement)) {
                    found.next();
                    return found.getObject(1) == null
                            ? new Range(null, null) : new Range(found.getLong(1), found.getLong(2));
                }
            });
        } catch (DataAccessException failed) {
            throw explained("the range of " + table, failed);
        }
    }

    /// An error that no retry can fix becomes [NotRetryable]; other errors are returned unchanged.
    static Exception explained(String what, DataAccessException failed) {
        var reason = sqlException(failed);
        return reason == null ? failed : switch (stateClass(reason)) {
            case "22", "23", "42", "44", "0A", "P0" -> new NotRetryable(what + ": " + reason.getMessage()
                    + " (SQLSTATE " + reason.getSQLState() + ")", failed);
            default -> reason;
        };
    }

    /// True for a deadlock, a serialization failure or a lock timeout: the same statement may succeed later.
    static boolean isConflict(Exception reason) {
        return reason instanceof SQLException sql
                && (stateClass(sql).equals("40") || "55P03".equals(sql.getSQLState()));
    }

    static @Nullable SQLException sqlException(DataAccessException failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException reason) {
                return reason;
            }
        }
        return null;
    }

    private static String stateClass(SQLException reason) {
        var state = String.valueOf(reason.getSQLState());
        return state.substring(0, Math.min(2, state.length()));
    }
}
