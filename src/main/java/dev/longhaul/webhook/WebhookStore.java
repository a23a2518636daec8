package dev.longhaul.webhook;

import dev.longhaul.operation.OperationId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Reads and writes webhooks and their deliveries.
@Repository
class WebhookStore {

    private final JdbcClient jdbc;

    WebhookStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    private static final String INSERT = """
            insert into webhook (url, events, filter, description, secret, created_by, changed_by)
            values (:url, :events::text[], :filter, :description, :secret, :by, :by)
            returning *
            """;
    // The cursor does not advance while there is no enabled webhook. The first one receives only later events.
    private static final String START_CURSOR_NOW = """
            update webhook_cursor set txid = pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1,
                operation_id = 'ffffffff-ffff-ffff-ffff-ffffffffffff', seq = 2147483647
            where not exists (select from webhook where not disabled)
            """;

    Webhook insert(String url, List<String> events, String filter, String description, String secret, String by) {
        jdbc.sql(START_CURSOR_NOW).update();
        return jdbc.sql(INSERT).param("url", url).param("events", events.toArray(String[]::new)).param("filter", filter)
                .param("description", description)
                .param("secret", secret).param("by", by).query((row, _) -> webhook(row)).single();
    }

    private static final String UPDATE = """
            update webhook set
                url = coalesce(:url::text, url), events = coalesce(:events::text[], events),
                filter = coalesce(:filter::text, filter), description = coalesce(:description::text, description),
                disabled = coalesce(:disabled::boolean, disabled),
                reason = case when :disabled::boolean then 'disabled by request'
                              when :disabled::boolean is null then reason end,
                changed_at = now(), changed_by = :by
            where id = :id and deleted_at is null
            returning *
            """;

    /// Null parameters leave a column unchanged.
    Optional<Webhook> update(UUID id, @Nullable String url, @Nullable List<String> events, @Nullable String filter,
            @Nullable String description, @Nullable Boolean disabled, String by) {
        if (Boolean.FALSE.equals(disabled)) {
            jdbc.sql(START_CURSOR_NOW).update();
        }
        return jdbc.sql(UPDATE).param("id", id).param("url", url)
                .param("events", events == null ? null : events.toArray(String[]::new)).param("filter", filter)
                .param("description", description).param("disabled", disabled, Types.BOOLEAN).param("by", by)
                .query((row, _) -> webhook(row)).optional();
    }

    private static final String ROTATE = """
            update webhook set previous_secret = secret, previous_secret_until = now() + :overlap::interval, secret
                = :secret,
                changed_at = now(), changed_by = :by
            where id = :id and deleted_at is null
            returning *
            """;

    Optional<Webhook> rotate(UUID id, String secret, Duration overlap, String by) {
        return jdbc.sql(ROTATE).param("id", id).param("secret", secret).param("overlap", overlap.toString())
                .param("by", by).query((row, _) -> webhook(row)).optional();
    }

    private static final String DISABLE = """
            update webhook set disabled = true, reason = :reason, changed_at = now(), changed_by = 'the service'
            where id = :id
            """;

    void disable(UUID id, String reason) {
        jdbc.sql(DISABLE).param("id", id).param("reason", reason).update();
    }

    private static final String DELETE = """
            update webhook set deleted_at = now(), disabled = true, secret = '', previous_secret = null,
                previous_secret_until = null
            where id = :id and deleted_at is null
            """;

    /// Marks the webhook; [#purgeDeleted] deletes it, because a webhook may have a million deliveries.
    boolean delete(UUID id) {
        return jdbc.sql(DELETE).param("id", id).update() == 1;
    }

    private static final String FIND = "select * from webhook where id = :id and deleted_at is null";

    Optional<Webhook> find(UUID id) {
        return jdbc.sql(FIND).param("id", id).query((row, _) -> webhook(row)).optional();
    }

    private static final String ALL = "select * from webhook where deleted_at is null order by created_at, id";

    List<Webhook> all() {
        return jdbc.sql(ALL).query((row, _) -> webhook(row)).list();
    }

    private static Webhook webhook(ResultSet row) throws SQLException {
        return new Webhook(row.getObject("id", UUID.class), row.getString("url"),
                List.of((String[]) row.getArray("events").getArray()), row.getString("filter"),
                row.getString("description"), row.getBoolean("disabled"), row.getString("reason"),
                instant(row, "previous_secret_until"),
                instant(row, "created_at"), row.getString("created_by"), instant(row, "changed_at"),
                row.getString("changed_by"));
    }

    /// A delivery to send.
    ///
    /// @param secrets secrets to sign with, newest first
    /// @param now     time of the database
    record Outgoing(UUID id, UUID webhookId, String url, String payload, List<String> secrets, boolean isDisabled,
            Instant now) {}

    private static final String OUTGOING = """
            select d.id, d.webhook_id, w.url, d.payload, w.secret, w.disabled, now() as now,
                   case when w.previous_secret_until > now() then w.previous_secret end as previous_secret
            from webhook_delivery d join webhook w on w.id = d.webhook_id where d.id = :id
            """;

    Optional<Outgoing> delivery(UUID id) {
        return jdbc.sql(OUTGOING).param("id", id).query((row, _) -> {
            var secrets = new ArrayList<>(List.of(row.getString("secret")));
            if (row.getString("previous_secret") != null) {
                secrets.add(row.getString("previous_secret"));
            }
            return new Outgoing(row.getObject("id", UUID.class), row.getObject("webhook_id", UUID.class),
                    row.getString("url"), row.getString("payload"), secrets,
                    row.getBoolean("disabled"), row.getObject("now", OffsetDateTime.class).toInstant());
        }).optional();
    }

    private static final String RECORD_ATTEMPT = """
            insert into webhook_attempt (delivery_id, delivery_operation_id, status, duration_ms, error)
            values (:delivery, :operation, :status, :millis, :problem)
            """;

    void recordAttempt(UUID delivery, OperationId operation, @Nullable Integer status, Duration took,
            @Nullable String problem) {
        jdbc.sql(RECORD_ATTEMPT).param("delivery", delivery).param("operation", operation.value())
                .param("status", status)
                .param("millis", (int) took.toMillis())
                .param("problem", problem).update();
    }

    private static final String ADD = """
            insert into webhook_delivery (id, webhook_id, event, operation_id, operation_seq, payload,
                delivery_operation_id)
            values (:id, :webhook, :event, :subject, :seq, :payload, :operation)
            """;

    void add(UUID id, UUID webhook, String event, @Nullable UUID subject, @Nullable Integer seq, String payload,
            OperationId operation) {
        jdbc.sql(ADD).param("id", id).param("webhook", webhook).param("event", event).param("subject", subject)
                .param("seq", seq).param("payload", payload)
                .param("operation", operation.value()).update();
    }

    private static final String SET_OPERATION = "update webhook_delivery set delivery_operation_id = :operation where id = :id";

    void setOperation(UUID delivery, OperationId operation) {
        jdbc.sql(SET_OPERATION).param("id", delivery).param("operation", operation.value()).update();
    }

    private static final String PURGE = "select purge_deliveries(:older::interval, :most)";

    /// Deletes finished deliveries that are older, with their attempts.
    ///
    /// @param most maximum number of deliveries
    int purge(Duration older, int most) {
        return jdbc.sql(PURGE).param("older", older.toString()).param("most", most).query(Integer.class).single();
    }

    private static final String PURGE_DELETED = """
            delete from webhook_delivery where id in (
                select d.id from webhook w join webhook_delivery d on d.webhook_id = w.id
                where w.deleted_at is not null
                limit :most for update of d skip locked)
            """;
    private static final String DELETE_EMPTY = """
            delete from webhook w
            where deleted_at is not null and not exists (select from webhook_delivery d where d.webhook_id = w.id)
            """;

    /// Deletes deliveries of deleted webhooks, and webhooks without further deliveries.
    ///
    /// @param most maximum number of deliveries
    int purgeDeleted(int most) {
        var purged = jdbc.sql(PURGE_DELETED).param("most", most).update();
        if (purged < most) {
            jdbc.sql(DELETE_EMPTY).update();
        }
        return purged;
    }

    private static final String DELIVERIES = """
            select d.*, o.status as state, (select count(*) from webhook_attempt t where t.delivery_id = d.id) as tries,
                   last.status as answered, last.error, last.at as tried_at
            from webhook_delivery d left join operation o on o.id = d.delivery_operation_id
            left join lateral (select * from webhook_attempt t where t.delivery_id = d.id order by t.at desc limit 1)
                as last on true
            where d.webhook_id = :webhook and (:before::timestamptz is null or d.created_at < :before::timestamptz)
            order by d.created_at desc, d.id
            limit :limit
            """;

    /// Newest first.
    List<Delivery> deliveries(UUID webhook, @Nullable Instant before, int limit) {
        return jdbc.sql(DELIVERIES).param("webhook", webhook).param("before", before == null ? null : before.toString())
                .param("limit", limit).query((row, _) ->
                        new Delivery(row.getObject("id", UUID.class), row.getString("event"),
                        row.getObject("operation_id", UUID.class), row.getObject("delivery_operation_id", UUID.class),
                        row.getString("state"), row.getInt("tries"), row.getObject("answered", Integer.class),
                        row.getString("error"), instant(row, "tried_at"), instant(row, "created_at"),
                        row.getString("payload"))).list();
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
