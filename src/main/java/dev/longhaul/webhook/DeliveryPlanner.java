package dev.longhaul.webhook;

import dev.longhaul.live.IdleBackoff;
import dev.longhaul.live.LoopLifecycle;
import dev.longhaul.live.Loop.Pause;
import dev.longhaul.live.NotificationListener;
import dev.longhaul.operation.Operation;
import dev.longhaul.query.Filter;
import dev.longhaul.query.InvalidFilter;
import dev.longhaul.store.OperationMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/// Reads the history in commit order and creates a delivery for each event that a webhook subscribes to. One node at a
/// time: it locks the cursor's row, and advances it in the transaction that creates the deliveries. Without webhooks it
/// only checks for one.
@Component
class DeliveryPlanner extends LoopLifecycle {

    private static final Logger log = LoggerFactory.getLogger(DeliveryPlanner.class);
    private static final int BATCH = 500;
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    /// The end of an older transaction, which holds back the cursor, is not announced.
    private static final Duration IDLE_INTERVAL = Duration.ofSeconds(5);
    private static final Duration WITHOUT_WEBHOOKS = Duration.ofMinutes(1);

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final OperationMapper rows;
    private final WebhookStore store;
    private final Webhooks webhooks;
    private final WebhookPayload payloads;
    private final JsonMapper json;
    private final IdleBackoff backoff;
    private boolean hasWebhooks;

    DeliveryPlanner(JdbcClient jdbc, TransactionTemplate transaction, OperationMapper rows, WebhookStore store,
            Webhooks webhooks, WebhookPayload payloads, JsonMapper json, NotificationListener listener) {
        super("delivery planner");
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.rows = rows;
        this.store = store;
        this.webhooks = webhooks;
        this.payloads = payloads;
        this.json = json;
        this.backoff = new IdleBackoff(listener, loop);
    }

    @Override
    protected Pause round() {
        while (Boolean.TRUE.equals(transaction.execute(_ -> plan()))) {
            log.debug("there are more events");
        }
        return backoff.pause(INTERVAL, hasWebhooks ? IDLE_INTERVAL : WITHOUT_WEBHOOKS);
    }

    private record Position(long txid, UUID operation, int seq) {}

    /// @param trigger null: not an event of webhooks
    private record HistoryEntry(Position position, Operation operation, WebhookPayload.@Nullable Trigger trigger) {}

    private static final String LOCK_CURSOR = """
            select txid, operation_id, seq from webhook_cursor
            where exists (select from webhook where not disabled)
            for update skip locked
            """;
    // As in live.ChangeFeed: a row is read after all transactions that could commit before it have ended.
    private static final String READ_HISTORY = """
            select o.*, now() as read_at, h.txid, h.seq as entry_seq, h.at as entry_at, h.event as entry_event,
                   h.from_status as entry_from, h.to_status as entry_to, h.attempt as entry_attempt,
                   h.changed_by as entry_by, h.reason as entry_reason, h.progress as entry_progress,
                   h.message as entry_message, h.error as entry_error
            from history_after(:txid, :id, :seq, :limit) as h
            join operation o on o.id = h.operation_id
            order by h.txid, h.operation_id, h.seq
            """;
    private static final String UPDATE_CURSOR =
            "update webhook_cursor set txid = :txid, operation_id = :id, seq = :seq";

    /// @return true: there may be more
    private boolean plan() {
        var locked = jdbc.sql(LOCK_CURSOR)
                .query((row, _) -> new Position(row.getLong("txid"), row.getObject("operation_id", UUID.class),
                row.getInt("seq"))).optional();
        hasWebhooks = locked.isPresent();
        if (locked.isEmpty()) {
            return false;
        }
        var from = locked.get();
        var entries = jdbc.sql(READ_HISTORY).param("txid", from.txid).param("id", from.operation).param("seq", from.seq)
                .param("limit", BATCH).query((row, _) -> historyEntry(row)).list();
        if (entries.isEmpty()) {
            return false;
        }
        var subscribed = store.all().stream().filter(webhook -> !webhook.disabled()).toList();
        var filters = new HashMap<UUID, Filter>();
        subscribed.forEach(webhook -> filters.put(webhook.id(), filter(webhook)));
        entries.forEach(entry -> plan(entry, subscribed, filters));
        var last = entries.getLast().position;
        jdbc.sql(UPDATE_CURSOR).param("txid", last.txid).param("id", last.operation).param("seq", last.seq).update();
        return entries.size() == BATCH;
    }

    private static Filter filter(Webhook webhook) {
        try {
            return Filter.parse(webhook.filter());
        } catch (InvalidFilter invalid) {
            log.warn("webhook {} has an invalid filter and receives all events: {}", webhook.id(),
                    invalid.getMessage());
            return Filter.ALL;
        }
    }

    /// Deliveries are operations, too, but have no events.
    private void plan(HistoryEntry entry, List<Webhook> subscribed, Map<UUID, Filter> filters) {
        if (entry.trigger == null || entry.operation.type().equals(DeliveryTask.TYPE)) {
            return;
        }
        for (var webhook : subscribed) {
            if (webhook.events().contains(entry.trigger.event().word())
                    && filters.get(webhook.id()).test(entry.operation)) {
                webhooks.deliver(webhook.id(), entry.trigger.event().word(), entry.operation.id().value(),
                        entry.trigger.seq(), payloads.of(entry.operation, entry.trigger));
            }
        }
    }

    private HistoryEntry historyEntry(ResultSet row) throws SQLException {
        var operation = rows.mapRow(row, 0);
        var position = new Position(row.getLong("txid"), operation.id().value(), row.getInt("entry_seq"));
        var eventName = row.getString("entry_event");
        var event = eventName.equals("status") || eventName.equals("submitted")
                ? WebhookEvent.of(row.getString("entry_from"), row.getString("entry_to")).orElse(null) : null;
        var error = row.getString("entry_error");
        return new HistoryEntry(position, operation, event == null
                ? null : new WebhookPayload.Trigger(row.getInt("entry_seq"),
                event, row.getObject("entry_at", OffsetDateTime.class).toInstant(),
                row.getInt("entry_attempt"), row.getDouble("entry_progress"), row.getString("entry_message"),
                row.getString("entry_by"), row.getString("entry_reason"),
                error == null ? null : json.readTree(error)));
    }

    @Override
    public int getPhase() {
        return 3;
    }
}
