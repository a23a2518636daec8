package dev.longhaul.bench.live;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Operations as a person at psql makes and changes them.
final class Operations {

    private final Connection connection;

    Operations(Connection connection) {
        this.connection = connection;
    }

    private static final String PARK =
            "insert into operation (type, run_at) values ('bench_reports', now() + interval '1 day') returning id";

    /// One that waits for tomorrow, so that it changes by our hand only.
    UUID park() throws SQLException {
        try (var statement = connection.prepareStatement(PARK); var row = statement.executeQuery()) {
            row.next();
            return row.getObject(1, UUID.class);
        }
    }

    private static final String CHANGE = "update operation set message = ? where id = ?";

    void change(UUID id, String message) throws SQLException {
        try (var statement = connection.prepareStatement(CHANGE)) {
            statement.setString(1, message);
            statement.setObject(2, id);
            statement.executeUpdate();
        }
    }

    private static final String SUBMIT = """
            insert into operation (type, input)
            select 'bench_reports', jsonb_build_object('start_at', ?::bigint, 'interval', ?::int, 'reports', ?::int) from generate_series(1, ?)
            returning id
            """;

    /// @param startAt  milliseconds since 1970
    /// @param interval milliseconds between two reports of one
    List<UUID> submit(int count, long startAt, int interval, int reports) throws SQLException {
        try (var statement = connection.prepareStatement(SUBMIT)) {
            statement.setLong(1, startAt);
            statement.setInt(2, interval);
            statement.setInt(3, reports);
            statement.setInt(4, count);
            var ids = new ArrayList<UUID>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    ids.add(rows.getObject(1, UUID.class));
                }
            }
            return ids;
        }
    }

    private static final String UNFINISHED =
            "select count(*) from operation where id = any(?) and status <> 'completed'";

    int unfinished(List<UUID> ids) throws SQLException {
        try (var statement = connection.prepareStatement(UNFINISHED)) {
            statement.setArray(1, connection.createArrayOf("uuid", ids.toArray()));
            try (var row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }
}
