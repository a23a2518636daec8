package dev.longhaul.store;

import dev.longhaul.operation.Concurrency;
import dev.longhaul.operation.Failure;
import dev.longhaul.operation.Labels;
import dev.longhaul.operation.Limits;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Progress;
import dev.longhaul.operation.RetryPolicy;
import dev.longhaul.operation.Status;
import dev.longhaul.operation.WaitReason;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGInterval;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Maps rows of `operation.*, now() as read_at`.
///
/// A value that was typed in psql and that Java rejects must not stop the other operations of a claim or a list. It is
/// mapped to a default, or to a text that it cannot be read. An unreadable input is a missing node, and the run fails.
@Component
public class OperationMapper implements RowMapper<Operation> {

    private final JsonMapper json;

    OperationMapper(JsonMapper json) {
        this.json = json;
    }

    @Override
    public Operation mapRow(ResultSet row, int number) throws SQLException {
        return new Operation(
                new OperationId(row.getObject("id", UUID.class)), row.getString("type"), row.getString("queue"),
                row.getInt("priority"),
                Status.parse(row.getString("status")), row.getBoolean("delayed"), row.getBoolean("paused"),
                waitsFor(row), runAt(row),
                row.getInt("attempt"), row.getInt("failures"), limits(row), concurrency(row), labels(row),
                row.getString("trace_parent"),
                progress(row),
                row.getLong("version"), id(row, "parent_id"), id(row, "rerun_of"), instant(row, "cancel_requested_at"),
                required(row, "created_at"),
                instant(row, "started_at"), instant(row, "attempt_started_at"), required(row, "updated_at"),
                instant(row, "finished_at"),
                input(row.getString("input")), output(row.getString("output")), failure(row.getString("error")),
                required(row, "read_at"));
    }

    private interface Part<T> {
        T read() throws SQLException;
    }

    private static <T extends @Nullable Object> T readable(T otherwise, Part<T> part) throws SQLException {
        try {
            return part.read();
        } catch (RuntimeException unreadable) {
            return otherwise;
        }
    }

    private Limits limits(ResultSet row) throws SQLException {
        return readable(Limits.DEFAULT, () -> new Limits(row.getInt("max_attempts"), retry(row.getString("retry_policy")),
                duration(row, "timeout"), duration(row, "heartbeat_timeout"), instant(row, "start_by"),
                instant(row, "deadline")));
    }

    private static @Nullable Concurrency concurrency(ResultSet row) throws SQLException {
        var key = row.getString("concurrency_key");
        return key == null ? null : readable(null, () -> {
            var period = duration(row, "rate_period");
            return new Concurrency(key, row.getInt("concurrency_limit"), period == null
                    ? null : new Concurrency.Rate(row.getInt("rate_limit"), period), Concurrency.IfActive.QUEUE);
        });
    }

    private Labels labels(ResultSet row) throws SQLException {
        return readable(Labels.NONE, () -> {
            var tags = (String[]) row.getArray("tags").getArray();
            var metadata = row.getString("metadata");
            return tags.length == 0 && metadata.equals("{}")
                    ? Labels.NONE : new Labels(List.of(tags), json.readTree(metadata));
        });
    }

    private static Progress progress(ResultSet row) throws SQLException {
        return readable(Progress.NONE, () -> new Progress(row.getDouble("progress"),
                row.getObject("progress_current", Long.class), row.getObject("progress_total", Long.class),
                row.getString("message")));
    }

    /// An invalid policy counts as none, so that it does not stop the claims of other operations.
    private @Nullable RetryPolicy retry(@Nullable String text) {
        try {
            return RetryPolicies.read(tree(text));
        } catch (IllegalArgumentException mistyped) {
            return null;
        }
    }

    private static @Nullable WaitReason waitsFor(ResultSet row) throws SQLException {
        var word = row.getString("waits_for");
        return word == null ? null : WaitReason.parse(word);
    }

    private static @Nullable OperationId id(ResultSet row, String column) throws SQLException {
        var id = row.getObject(column, UUID.class);
        return id == null ? null : new OperationId(id);
    }

    private static final Duration LONGEST = Duration.ofDays(36_525);

    private static @Nullable Duration duration(ResultSet row, String column) throws SQLException {
        var interval = (PGInterval) row.getObject(column);
        if (interval == null) {
            return null;
        }
        var days = 365L * interval.getYears() + 30L * interval.getMonths() + interval.getDays();
        return Math.abs(days) > LONGEST.toDays() ? LONGEST : Duration.ofDays(days).plusHours(interval.getHours())
                .plusMinutes(interval.getMinutes()).plusSeconds(interval.getWholeSeconds())
                .plusNanos(interval.getMicroSeconds() * 1000L);
    }

    private static final Instant FIRST = Instant.EPOCH;
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

    /// Infinite while the operation waits for an event.
    private static Instant runAt(ResultSet row) throws SQLException {
        var time = row.getObject("run_at", OffsetDateTime.class).toInstant();
        return time.isBefore(FIRST) ? FIRST : time;
    }

    private static Instant required(ResultSet row, String column) throws SQLException {
        return bounded(row.getObject(column, OffsetDateTime.class).toInstant());
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : bounded(time.toInstant());
    }

    /// Limits PostgreSQL's infinity, and years that Java cannot represent.
    private static Instant bounded(Instant time) {
        return time.isAfter(LAST) ? LAST : time.isBefore(FIRST) ? FIRST : time;
    }

    private JsonNode input(String text) throws SQLException {
        return text.equals("{}") ? json.createObjectNode()
                : readable(json.getNodeFactory().missingNode(), () -> json.readTree(text));
    }

    private @Nullable JsonNode output(@Nullable String text) throws SQLException {
        return readable(json.getNodeFactory().stringNode("The output cannot be read."), () -> tree(text));
    }

    private @Nullable JsonNode tree(@Nullable String text) {
        return text == null ? null : json.readTree(text);
    }

    private @Nullable Failure failure(@Nullable String text) throws SQLException {
        return text == null ? null : readable(Failure.of("unreadable", "The error cannot be read."),
                () -> read(text));
    }

    private Failure read(String text) {
        var error = json.readTree(text);
        var causes = new ArrayList<Failure.Cause>();
        error.path("causes")
                .forEach(cause -> causes.add(new Failure.Cause(cause.path("type").asString("unknown"),
                cause.path("message").asString("unknown"))));
        return new Failure(error.path("type").asString("unknown"), error.path("message").asString(error.isString()
                ? error.asString() : "unknown"),
                causes, error.path("trace").isString() ? error.path("trace").asString() : null);
    }
}
