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

/// What runs logged, numbered on from the lines before.
final class LogStatement {

    private LogStatement() {
    }

    /// @param lines how many lines the operation has logged, these included
    record Said(OperationId id, int attempt, int lines, List<LogLine> log) {}

    private static final String LOG = """
            insert into operation_log (operation_id, line, at, attempt, level, message)
            select * from unnest(?::uuid[], ?::int[], ?::timestamptz[], ?::int[], ?::text[], ?::text[])
            """;

    /// @param most how many lines of its log an operation keeps
    static void execute(Connection connection, List<Said> said, int most) throws SQLException {
        record Row(Said said, int number, LogLine line) {}
        var rows = said.stream().flatMap(its -> IntStream.range(0, its.log.size())
                .mapToObj(n -> new Row(its, its.lines - its.log.size() + n + 1, its.log.get(n))))
                        .filter(row -> row.number <= most).toList();
        if (rows.isEmpty()) {
            return;
        }
        try (var statement = connection.prepareStatement(LOG)) {
            var in = new StatementParameters(statement);
            in.array("uuid", rows, row -> row.said.id.value());
            in.array("int4", rows, Row::number);
            in.array("timestamptz", rows, row -> row.line.at().toString());
            in.array("int4", rows, row -> row.said.attempt);
            in.array("text", rows, row -> row.line.level().word());
            in.array("text", rows, row -> row.line.message());
            statement.executeUpdate();
        }
    }

    static <T> Map<UUID, T> byRun(List<T> all, Function<T, UUID> runId) {
        return all.stream().collect(Collectors.toMap(runId, Function.identity()));
    }
}
