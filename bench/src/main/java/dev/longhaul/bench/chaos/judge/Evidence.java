package dev.longhaul.bench.chaos.judge;

import dev.longhaul.bench.chaos.cluster.Sql;
import dev.longhaul.bench.chaos.journal.Entry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The tables, in the schema that comes first in the connection's search path, and the journal.
final class Evidence {

    private static final String HISTORY = """
            select operation_id::text, seq, event, to_status, version,
                   (extract(epoch from at) * 1000)::bigint as millis
            from operation_history where event <> 'progress' order by operation_id, seq
            """;

    private final Connection connection;
    private final List<Entry> entries;
    private Map<String, List<Change>> history = Map.of();

    /// An entry of the history that streams tell.
    record Change(String operation, int seq, String event, String status, long version, long at) {

        boolean isEnd() {
            return List.of("completed", "failed", "cancelled").contains(status);
        }
    }

    Evidence(Connection connection, List<Entry> entries) {
        this.connection = connection;
        this.entries = entries;
    }

    <T extends Entry> Stream<T> entries(Class<T> kind) {
        return entries.stream().filter(kind::isInstance).map(kind::cast);
    }

    /// All that was told, by subscriber, in order.
    Map<String, List<Entry.Told>> told(String kind) {
        return entries(Entry.Told.class).filter(told -> told.subscriber().startsWith(kind + "-"))
                .collect(Collectors.groupingBy(Entry.Told::subscriber));
    }

    long number(String query) throws SQLException {
        return Sql.list(connection, query, row -> row.getLong(1)).getFirst();
    }

    List<String> texts(String query, Object... parameters) throws SQLException {
        return Sql.list(connection, query, row -> row.getString(1), parameters);
    }

    /// Of each operation, in order.
    Map<String, List<Change>> history() throws SQLException {
        if (history.isEmpty()) {
            history = new HashMap<>(Sql.list(connection, HISTORY, row -> new Change(row.getString(1), row.getInt(2),
                    row.getString(3), row.getString(4), row.getLong(5), row.getLong(6)))
                    .stream().collect(Collectors.groupingBy(Change::operation)));
        }
        return history;
    }
}
