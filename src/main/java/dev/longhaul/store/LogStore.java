package dev.longhaul.store;

import dev.longhaul.operation.LogLine;
import dev.longhaul.operation.OperationId;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Reads the logs of operations, page by page. [RunStore#write] writes them.
@Repository
public class LogStore {

    private static final int MOST = 1_000;

    private final JdbcClient jdbc;

    LogStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// A line of an operation's log.
    ///
    /// @param number 1, 2, 3 … over all attempts of the operation
    public record Numbered(int number, int attempt, LogLine line) {}

    /// Selects lines.
    ///
    /// @param attempt attempt of the lines; null: all
    /// @param least   lowest level
    /// @param text    text that the lines contain, case-insensitive; empty: all
    /// @param after   number of the last line before the page; 0: from the first
    /// @param limit   number of lines, 1 to 1,000
    public record Search(@Nullable Integer attempt, LogLine.Level least, String text, int after, int limit) {

        public static final Search ALL = new Search(null, LogLine.Level.DEBUG, "", 0, MOST);

        public Search {
            if (limit < 1 || limit > MOST) {
                throw new IllegalArgumentException("limit must be between 1 and " + MOST + ", not " + limit);
            }
            if (after < 0) {
                throw new IllegalArgumentException("after must be the number of a line or 0, not " + after);
            }
        }

        public Search after(int line) {
            return new Search(attempt, least, text, line, limit);
        }

        public Search containing(String text) {
            return new Search(attempt, least, text, after, limit);
        }
    }

    // One operation's lines are stored together and bounded, so a search reads them all. A text index would slow every
    // insert of a line.
    private static final String PAGE = """
            select line, at, attempt, level, message from operation_log
            where operation_id = :id and line > :after and (:attempt::int is null or attempt = :attempt::int)
              and array_position(array['debug', 'info', 'warn', 'error'], level) >= :least
              and (:text = '' or position(lower(:text) in lower(message)) > 0)
            order by line
            limit :limit
            """;

    /// Lines in their order. If there are `limit` lines, more may follow.
    public List<Numbered> page(OperationId id, Search search) {
        return jdbc.sql(PAGE).param("id", id.value()).param("after", search.after()).param("attempt", search.attempt())
                .param("least", search.least().ordinal() + 1).param("text", search.text())
                        .param("limit", search.limit())
                .query((row, _) -> new Numbered(row.getInt("line"), row.getInt("attempt"),
                        new LogLine(row.getObject("at", OffsetDateTime.class).toInstant(),
                        LogLine.Level.parse(row.getString("level")), row.getString("message"))))
                .list();
    }
}
