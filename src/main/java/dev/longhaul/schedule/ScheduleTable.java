package dev.longhaul.schedule;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Labels;
import dev.longhaul.operation.Limits;
import dev.longhaul.operation.Submission;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Reads and writes the rows of `schedule`. Not a `@Repository`, because exception translation would hide what is wrong
/// with an invalid row.
@Component
class ScheduleTable {

    static final String COLUMNS = """
            *, extract(epoch from every) as every_seconds, extract(epoch from jitter) as jitter_seconds,
            extract(epoch from timeout) as timeout_seconds, now() as read_at
            """;

    private final JdbcClient jdbc;
    private final JsonMapper json;

    ScheduleTable(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    private static final String NOW = "select now()";

    Instant now() {
        return jdbc.sql(NOW).query(OffsetDateTime.class).single().toInstant();
    }

    private static final String INSERT = """
            insert into schedule (name, cron, zone, every, once_at, anchor, jitter, overlap, catch_up, type, input,
                                  queue, priority, max_attempts, timeout, tags, metadata, next_run_at,
                                      next_run_computed,
                                  changed_by, source, reason)
            values (:name, :cron, :zone, :every::interval, :onceAt, :anchor, :jitter::interval, :overlap, :catchUp,
                    :type, :input::jsonb, :queue, :priority, :maxAttempts, :timeout::interval, :tags::text[],
                    :metadata::jsonb, :next, true, :by, :via, :reason)
            on conflict (namespace, name) where deleted_at is null do nothing
            returning id
            """;

    /// Empty: the name is taken.
    Optional<UUID> insert(ScheduleSpec spec, Instant next, Instant now, @Nullable String reason, Caller caller) {
        return bind(jdbc.sql(INSERT), spec, next, now, reason, caller).query(UUID.class).optional();
    }

    private static final String UPDATE = """
            update schedule set name = :name, cron = :cron, zone = :zone, every = :every::interval, once_at = :onceAt,
                anchor = :anchor, jitter = :jitter::interval, overlap = :overlap, catch_up = :catchUp, type = :type,
                input = :input::jsonb, queue = :queue, priority = :priority, max_attempts = :maxAttempts,
                timeout = :timeout::interval, tags = :tags::text[], metadata = :metadata::jsonb, next_run_at = :next,
                next_run_computed = true, changed_by = :by, source = :via, reason = :reason
            where id = :id and deleted_at is null
            returning id
            """;

    Optional<UUID> update(UUID id, ScheduleSpec spec, @Nullable Instant next, Instant now, @Nullable String reason,
            Caller caller) {
        return bind(jdbc.sql(UPDATE), spec, next, now, reason, caller).param("id", id).query(UUID.class).optional();
    }

    private JdbcClient.StatementSpec bind(JdbcClient.StatementSpec statement, ScheduleSpec spec,
            @Nullable Instant next, Instant now, @Nullable String reason, Caller caller) {
        var cron = spec.timing() instanceof Timing.Cron one ? one : null;
        var every = spec.timing() instanceof Timing.Every one ? one : null;
        var once = spec.timing() instanceof Timing.Once one ? one : null;
        var work = spec.work();
        return statement.param("name", spec.name()).param("cron", cron == null ? null : cron.expression())
                .param("zone", cron == null ? "UTC" : cron.zone().getId())
                .param("every", every == null ? null : every.interval().toString())
                .param("onceAt", once == null ? null : utc(once.at()))
                .param("anchor", utc(every == null ? now : every.anchor())).param("jitter", spec.jitter().toString())
                .param("overlap", spec.overlap().word()).param("catchUp", spec.catchUp().word())
                .param("type", work.type()).param("input", json.writeValueAsString(work.input()))
                .param("queue", work.queue()).param("priority", work.priority())
                .param("maxAttempts", work.limits().maxAttempts())
                .param("timeout", work.limits().timeout() == null ? null : work.limits().timeout().toString())
                .param("tags", work.labels().tags().toArray(String[]::new))
                .param("metadata", json.writeValueAsString(work.labels().metadata()))
                .param("next", next == null ? null : utc(next)).param("by", caller.name()).param("via", caller.source())
                .param("reason", reason);
    }

    private static final String FIND = "select " + COLUMNS
            + " from schedule where deleted_at is null and (name = :name or id = :id)";

    Optional<Schedule> find(String nameOrId) {
        return jdbc.sql(FIND).param("name", nameOrId).param("id", idOf(nameOrId)).query((row, _) -> schedule(row))
                .optional();
    }

    private static @Nullable UUID idOf(String text) {
        try {
            return text.length() == 36 ? UUID.fromString(text) : null;
        } catch (IllegalArgumentException notAnId) {
            return null;
        }
    }

    private static final String LIST = "select " + COLUMNS
            + " from schedule where deleted_at is null and name > :after order by name limit :limit";

    /// In order of name. Invalid rows are left out; [DueScheduleRun] has paused them and logged the reason.
    List<Schedule> list(String after, int limit) {
        var schedules = new ArrayList<Schedule>();
        for (var last = after; ; ) {
            var names = new ArrayList<String>();
            jdbc.sql(LIST).param("after", last).param("limit", limit).query(row -> {
                names.add(row.getString("name"));
                readable(row).ifPresent(schedules::add);
            });
            if (names.size() < limit || schedules.size() >= limit) {
                return schedules.subList(0, Math.min(limit, schedules.size()));
            }
            last = names.getLast();
        }
    }

    private Optional<Schedule> readable(ResultSet row) throws SQLException {
        try {
            return Optional.of(schedule(row));
        } catch (IllegalArgumentException invalid) {
            return Optional.empty();
        }
    }

    private static final String LOCK = "select " + COLUMNS
            + " from schedule where id = :id and deleted_at is null for update";

    Optional<Schedule> lock(UUID id) {
        return jdbc.sql(LOCK).param("id", id).query((row, _) -> schedule(row)).optional();
    }

    private static final String PAUSE = """
            update schedule set paused = :paused, changed_by = :by, source = :via, reason = :reason
            where id = :id and deleted_at is null and paused <> :paused
            """;

    void pause(UUID id, boolean paused, @Nullable String reason, Caller caller) {
        jdbc.sql(PAUSE).param("id", id).param("paused", paused).param("by", caller.name()).param("via", caller.source())
                .param("reason", reason).update();
    }

    private static final String DELETE = """
            update schedule set deleted_at = now(), changed_by = :by, source = :via, reason = :reason
            where id = :id and deleted_at is null
            """;

    boolean delete(UUID id, @Nullable String reason, Caller caller) {
        return jdbc.sql(DELETE).param("id", id).param("by", caller.name()).param("via", caller.source())
                .param("reason", reason).update() == 1;
    }

    private static final String RUNS = """
            select * from scheduled_run where schedule_id = :id and scheduled_at < :before order by scheduled_at desc
                limit :limit
            """;

    /// Newest first.
    List<ScheduledRun> runs(UUID id, Instant before, int limit) {
        return jdbc.sql(RUNS).param("id", id).param("before", utc(before)).param("limit", limit)
                .query((row, _) -> new ScheduledRun(row.getObject("schedule_id", UUID.class), instant(row, "scheduled_at"),
                        instant(row, "decided_at"), row.getString("cause"), row.getString("outcome"),
                        row.getString("reason"), row.getObject("operation_id", UUID.class),
                        row.getString("decided_by"))).list();
    }

    private static final String PURGE = "select purge_scheduled_runs(:age::interval)";

    int purgeRuns(Duration age) {
        return jdbc.sql(PURGE).param("age", age.toString()).query(Integer.class).single();
    }

    /// @param row of `schedule`, with [#COLUMNS]
    /// @throws IllegalArgumentException if the row is invalid
    Schedule schedule(ResultSet row) throws SQLException {
        try {
            return parse(row);
        } catch (ArithmeticException | DateTimeException outOfRange) {
            throw new IllegalArgumentException("a timestamp or interval is out of range: " + outOfRange.getMessage());
        } catch (JacksonException unreadable) {
            throw new IllegalArgumentException("input or metadata cannot be read as JSON: "
                    + unreadable.getOriginalMessage());
        }
    }

    private Schedule parse(ResultSet row) throws SQLException {
        var timeout = row.getBigDecimal("timeout_seconds");
        var limits = Limits.DEFAULT.withMaxAttempts(row.getInt("max_attempts"))
                .withTimeout(timeout == null ? null : seconds(timeout));
        var work = Submission.of(row.getString("type"), json.readTree(row.getString("input")))
                .withQueue(row.getString("queue")).withPriority(row.getInt("priority")).with(_ -> limits)
                .withLabels(new Labels(List.of((String[]) row.getArray("tags").getArray()),
                        json.readTree(row.getString("metadata"))));
        var spec = new ScheduleSpec(row.getString("name"), timing(row), seconds(row.getBigDecimal("jitter_seconds")),
                OverlapPolicy.parse(row.getString("overlap")),
                CatchUpPolicy.parse(row.getString("catch_up")), work);
        var pause = row.getBoolean("paused") ? new Schedule.Pause(instant(row, "paused_at"), row.getString("paused_by"),
                row.getString("paused_reason")) : null;
        return new Schedule(row.getObject("id", UUID.class), spec, pause, nullableInstant(row, "next_run_at"),
                row.getBoolean("next_run_computed"), nullableInstant(row, "last_run_at"),
                instant(row, "created_at"), instant(row, "changed_at"), row.getString("changed_by"),
                instant(row, "read_at"));
    }

    private static Timing timing(ResultSet row) throws SQLException {
        if (row.getString("cron") != null) {
            return Timing.Cron.of(row.getString("cron"), row.getString("zone"));
        }
        return row.getObject("once_at") == null ? new Timing.Every(seconds(row.getBigDecimal("every_seconds")),
                instant(row, "anchor")) : new Timing.Once(instant(row, "once_at"));
    }

    private static Duration seconds(BigDecimal seconds) {
        return Duration.ofNanos(seconds.movePointRight(9).longValueExact());
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Instant nullableInstant(ResultSet row, String column) throws SQLException {
        return row.getObject(column) == null ? null : instant(row, column);
    }

    static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
