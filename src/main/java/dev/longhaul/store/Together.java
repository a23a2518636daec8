package dev.longhaul.store;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Labels;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Submission;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// Submits many operations in one statement and one commit, all or none. It is a COPY, which beside a plain COPY reached 0.46 where an INSERT of arrays had reached 0.39.
@Component
class Together {

    private static final Logger log = LoggerFactory.getLogger(Together.class);

    private final JdbcTemplate jdbc;
    private final OperationRows rows;
    private final JsonMapper json;

    Together(JdbcTemplate jdbc, OperationRows rows, JsonMapper json) {
        this.jdbc = jdbc;
        this.rows = rows;
        this.json = json;
    }

    /// What somebody submits.
    record Asked(Submission submission, Caller caller) {}

    /// COPY neither makes ids that it returns, nor takes a default for one row and not for another.
    private static final String IDS = "select operation_id() as id from generate_series(1, ?)";
    private static final String SETTING = "select now()::text as moment, array(select type from remote_type where type = any(?::text[])) as remote";
    private static final String COPY = """
            copy operation (id, type, lane, queue, priority, run_at, max_attempts, retry_policy, timeout, heartbeat_timeout, start_by, deadline,
                            concurrency_key, concurrency_limit, rate_starts, rate_per, tags, metadata, trace_parent, input, parent_id, changed_by, changed_via)
            from stdin
            """;

    /// @param parent whose children they are; null: nobody's
    List<OperationId> submit(List<Submission> submissions, @Nullable OperationId parent, Caller caller) {
        return jdbc.execute((Connection connection) -> copy(connection, submissions.stream().map(submission -> new Asked(submission, caller)).toList(), parent));
    }

    // As a join: `id = any(…)` would be planned for each of the ids in each of the partitions.
    private static final String READ = "select o.*, now() as read_at from unnest(?::uuid[]) with ordinality as asked (id, number) join operation o on o.id = asked.id order by number";

    /// Those of several callers, in one commit of its own.
    ///
    /// @return as they are then, in the same order; empty: the database refused one of them, and none is written
    List<Operation> submitEach(List<Asked> asked) {
        return jdbc.execute((Connection connection) -> {
            connection.setAutoCommit(false);
            try {
                var written = written(connection, asked);
                connection.commit();
                return written;
            } finally {
                connection.setAutoCommit(true);
            }
        });
    }

    private List<Operation> written(Connection connection, List<Asked> asked) throws SQLException {
        try {
            var ids = copy(connection, asked, null);
            var operations = new ArrayList<Operation>();
            try (var statement = connection.prepareStatement(READ)) {
                statement.setArray(1, connection.createArrayOf("uuid", ids.stream().map(OperationId::value).toArray()));
                try (var row = statement.executeQuery()) {
                    while (row.next()) {
                        operations.add(rows.mapRow(row, operations.size()));
                    }
                }
            }
            return operations;
        } catch (SQLException | RuntimeException refused) {
            log.debug("submissions were refused and go one by one", refused);
            connection.rollback();
            return List.of();
        }
    }

    private List<OperationId> copy(Connection connection, List<Asked> asked, @Nullable OperationId parent) throws SQLException {
        if (asked.stream().map(Asked::submission).anyMatch(submission -> submission.idempotencyKey() != null || submission.mayYield())) {
            throw new IllegalArgumentException("operations submitted together cannot have idempotency keys of their own, nor skip or replace others");
        }
        var ids = new ArrayList<OperationId>();
        var lines = new StringBuilder();
        var setting = setting(connection, asked);
        try (var statement = connection.prepareStatement(IDS)) {
            statement.setInt(1, asked.size());
            try (var row = statement.executeQuery()) {
                for (var one : asked) {
                    row.next();
                    ids.add(new OperationId(row.getObject("id", UUID.class)));
                    write(lines, row(ids.getLast(), one.submission, setting, parent, one.caller));
                }
            }
        }
        try {
            connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY, new StringReader(lines.toString()));
        } catch (IOException unread) {
            throw new SQLException("the lines could not be sent", unread);
        }
        return ids;
    }

    /// @param moment by the database's clock
    /// @param remote those of the types that workers outside run
    private record Setting(String moment, Set<String> remote) {}

    private static Setting setting(Connection connection, List<Asked> asked) throws SQLException {
        try (var statement = connection.prepareStatement(SETTING)) {
            statement.setArray(1, connection.createArrayOf("text", asked.stream().map(one -> one.submission.type()).distinct().toArray()));
            try (var row = statement.executeQuery()) {
                row.next();
                return new Setting(row.getString("moment"), Set.of((String[]) row.getArray("remote").getArray()));
            }
        }
    }

    /// In the order of [#COPY]'s columns.
    private @Nullable Object[] row(OperationId id, Submission submission, Setting setting, @Nullable OperationId parent, Caller caller) {
        var limits = submission.limits();
        var concurrency = submission.concurrency();
        var rate = concurrency == null ? null : concurrency.rate();
        return new @Nullable Object[] {
                id, submission.type(), setting.remote.contains(submission.type()) ? submission.type() : "", submission.queue(), submission.priority(),
                submission.runAt() == null ? setting.moment : submission.runAt(), limits.maxAttempts(), RetryPolicies.write(limits.retry()), limits.timeout(),
                limits.heartbeatTimeout(), limits.startBy(), limits.deadline(), concurrency == null ? null : concurrency.key(),
                concurrency == null ? null : concurrency.limit(), rate == null ? null : rate.starts(), rate == null ? null : rate.per(),
                tags(submission.labels()), json.writeValueAsString(submission.labels().metadata()), submission.traceParent(),
                json.writeValueAsString(submission.input()), parent, caller.name(), caller.via()};
    }

    /// As COPY reads it.
    private static void write(StringBuilder lines, @Nullable Object[] row) {
        for (var value : row) {
            if (value == null) {
                lines.append("\\N");
            } else {
                escape(lines, value.toString());
            }
            lines.append('\t');
        }
        lines.setCharAt(lines.length() - 1, '\n');
    }

    private static void escape(StringBuilder lines, String text) {
        for (var at = 0; at < text.length(); at++) {
            switch (text.charAt(at)) {
                case '\\' -> lines.append("\\\\");
                case '\t' -> lines.append("\\t");
                case '\n' -> lines.append("\\n");
                case '\r' -> lines.append("\\r");
                default -> lines.append(text.charAt(at));
            }
        }
    }

    /// As PostgreSQL writes an array.
    static String tags(Labels labels) {
        return labels.tags().stream().map(tag -> '"' + tag.replace("\\", "\\\\").replace("\"", "\\\"") + '"').collect(Collectors.joining(",", "{", "}"));
    }
}
