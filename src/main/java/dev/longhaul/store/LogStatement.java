package dev.longhaul.store;

import dev.longhaul.operation.LogLine;
import dev.longhaul.operation.OperationId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Writes the log lines of runs, numbered per operation.
final class LogStatement {

    private LogStatement() {
    }

    /// @param lines number of the operation's log lines, these included
    record Said(OperationId id, int attempt, int lines, List<LogLine> log) {}

    private static final String LOG = """
            insert into operation_log (operation_id, line, at, attempt, level, message)
            select * from unnest(?::uuid[], ?::int[], ?::timestamptz[], ?::int[], ?::text[], ?::text[])
            """;

    /// @param most number of log lines that an operation keeps
    static void execute(Connection connection, List<Said> entries, int most) throws SQLException {
        record Row(Said entry, int number, LogLine line) {}
        var rows = entries.stream().flatMap(entry -> IntStream.range(0, entry.log.size())
                .mapToObj(n -> new Row(entry, entry.lines - entry.log.size() + n + 1, entry.log.get(n))))
                        .filter(row -> row.number <= most).toList();
        if (rows.isEmpty()) {
            return;
        }
        try (var statement = connection.prepareStatement(LOG)) {
            var in = new StatementParameters(statement);
            in.array("uuid", rows, row -> row.entry.id.value());
            in.array("int4", rows, Row::number);
            in.array("timestamptz", rows, row -> row.line.at().toString());
            in.array("int4", rows, row -> row.entry.attempt);
            in.array("text", rows, row -> row.line.level().word());
            in.array("text", rows, row -> row.line.message());
            statement.executeUpdate();
        }
    }

    static <T> Map<UUID, T> byRun(List<T> all, Function<T, UUID> runId) {
        return all.stream().collect(Collectors.toMap(runId, Function.identity()));
    }
}
