package dev.longhaul.webhook;

import dev.longhaul.live.IdleBackoff;
import dev.longhaul.live.Loop;
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
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/// Reads the history in the order of its transactions, and makes a delivery of what a webhook asked for. Of all nodes
/// one at a time: it holds the cursor's row, and moves it in the transaction that makes the deliveries. While there is
/// no webhook, it asks for nothing but that.
@Component
class DeliveryPlanner implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(DeliveryPlanner.class);
    private static final int BATCH = 500;
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    /// A transaction of somebody else may have been in the way, and its end is not announced.
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
    private boolean isAsked;     // by some webhook
    private final Loop loop = new Loop("delivery planner", this::plan);

    DeliveryPlanner(JdbcClient jdbc, TransactionTemplate transaction, OperationMapper rows, WebhookStore store,
            Webhooks webhooks, WebhookPayload payloads, JsonMapper json,
           NotificationListener listener) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.rows = rows;
        this.store = store;
        this.webhooks = webhooks;
        this.payloads = payloads;
        this.json = json;
        this.backoff = new IdleBackoff(listener, loop);
    }

    private Pause plan() {
        while (Boolean.TRUE.equals(transaction.execute(_ -> tell()))) {
            log.debug("there are more changes to plan deliveries for");
        }
        return backoff.pause(INTERVAL, isAsked ? IDLE_INTERVAL : WITHOUT_WEBHOOKS);
    }

    private record Place(long txid, UUID operation, int seq) {}

    /// @param happened null: nothing that is told
    private record Edge(Place place, Operation operation, WebhookPayload.@Nullable Trigger happened) {}

    private static final String HOLD = """
            select txid, operation_id, seq from webhook_cursor where exists (select from webhook where not disabled) for update skip locked
            """;
    // As live.Feed: a row is told once every transaction that could commit before it has ended.
    private static final String READ = """
            select o.*, now() as read_at, h.txid, h.seq as edge_seq, h.at as edge_at, h.event as edge_event, h.from_status as edge_from, h.to_status as edge_to,
                   h.attempt as edge_attempt, h.changed_by as edge_by, h.reason as edge_reason, h.progress as edge_progress, h.message as edge_message, h.error as edge_error
            from history_after(:txid, :id, :seq, :limit) as h
            join operation o on o.id = h.operation_id
            order by h.txid, h.operation_id, h.seq
            """;
    private static final String MOVE = "update webhook_cursor set txid = :txid, operation_id = :id, seq = :seq";

    /// @return whether there is more
    private boolean tell() {
        var held = jdbc.sql(HOLD)
                .query((row, _) -> new Place(row.getLong("txid"), row.getObject("operation_id", UUID.class),
                row.getInt("seq"))).optional();
        isAsked = held.isPresent();
        if (held.isEmpty()) {
            return false;
        }
        var from = held.get();
        var edges = jdbc.sql(READ).param("txid", from.txid).param("id", from.operation).param("seq", from.seq)
                .param("limit", BATCH).query((row, _) -> edge(row)).list();
        if (edges.isEmpty()) {
            return false;
        }
        var wanted = store.all().stream().filter(webhook -> !webhook.disabled()).toList();
        var filters = new HashMap<UUID, Filter>();
        wanted.forEach(webhook -> filters.put(webhook.id(), filter(webhook)));
        edges.forEach(edge -> tell(edge, wanted, filters));
        var last = edges.getLast().place;
        jdbc.sql(MOVE).param("txid", last.txid).param("id", last.operation).param("seq", last.seq).update();
        return edges.size() == BATCH;
    }

    private static Filter filter(Webhook webhook) {
        try {
            return Filter.parse(webhook.filter());
        } catch (InvalidFilter mistyped) {
            log.warn("webhook {} has a filter that cannot be understood, and is told of everything: {}", webhook.id(),
                    mistyped.getMessage());
            return Filter.ALL;
        }
    }

    /// Deliveries are operations too; nobody is told of those.
    private void tell(Edge edge, List<Webhook> wanted, Map<UUID, Filter> filters) {
        if (edge.happened == null || edge.operation.type().equals(DeliveryTask.TYPE)) {
            return;
        }
        for (var webhook : wanted) {
            if (webhook.events().contains(edge.happened.event().word())
                    && filters.get(webhook.id()).test(edge.operation)) {
                webhooks.deliver(webhook.id(), edge.happened.event().word(), edge.operation.id().value(),
                        edge.happened.seq(), payloads.of(edge.operation, edge.happened));
            }
        }
    }

    private Edge edge(ResultSet row) throws SQLException {
        var operation = rows.mapRow(row, 0);
        var place = new Place(row.getLong("txid"), operation.id().value(), row.getInt("edge_seq"));
        var told = row.getString("edge_event");
        var event = told.equals("status") || told.equals("submitted")
                ? WebhookEvent.of(row.getString("edge_from"), row.getString("edge_to")).orElse(null) : null;
        var error = row.getString("edge_error");
        return new Edge(place, operation, event == null ? null : new WebhookPayload.Trigger(row.getInt("edge_seq"),
                event, row.getObject("edge_at", OffsetDateTime.class).toInstant(),
                row.getInt("edge_attempt"), row.getDouble("edge_progress"), row.getString("edge_message"),
                row.getString("edge_by"), row.getString("edge_reason"),
                error == null ? null : json.readTree(error)));
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void stop() {
        loop.stop();
    }

    @Override
    public boolean isRunning() {
        return loop.isRunning();
    }

    @Override
    public int getPhase() {
        return 3;
    }
}
