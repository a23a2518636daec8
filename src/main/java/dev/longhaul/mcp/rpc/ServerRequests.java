package dev.longhaul.mcp.rpc;

import dev.longhaul.live.NotificationHandler;
import dev.longhaul.live.NotificationListener;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Requests of ours to clients of handshake revisions. The request goes out on the stream of a call at this node; its
/// answer is a POST that may meet any node, so it goes through a row, and NOTIFY wakes the call that waits.
@Component
public class ServerRequests implements NotificationHandler {

    private static final String PURPOSE = "ask";

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final StateSigner seals;
    private final McpSettings settings;
    private final Map<String, Semaphore> bells = new ConcurrentHashMap<>();
    private volatile boolean stopped;

    ServerRequests(JdbcClient jdbc, JsonMapper json, StateSigner seals, McpSettings settings,
            NotificationListener listener) {
        this.jdbc = jdbc;
        this.json = json;
        this.seals = seals;
        this.settings = settings;
        listener.add(this);
    }

    /// Asks, and waits.
    ///
    /// @return empty: the client could not, or said nothing in time
    public Optional<JsonNode> ask(McpExchange exchange, String method, ObjectNode params) throws InterruptedException {
        var id = seals.sealed(PURPOSE, UUID.randomUUID().toString());
        bells.put(id, new Semaphore(0));
        try {
            exchange.send(request(id, method, params));
            return await(id, exchange);
        } finally {
            bells.remove(id);
        }
    }

    public ObjectNode request(String id, String method, ObjectNode params) {
        var request = json.createObjectNode().put("jsonrpc", "2.0").put("id", id).put("method", method);
        request.set("params", params);
        return request;
    }

    private Optional<JsonNode> await(String id, McpExchange exchange) throws InterruptedException {
        var until = System.nanoTime() + settings.patience().toNanos();
        while (System.nanoTime() < until && !stopped) {
            var said = take(id);
            if (said.isPresent()) {
                return said.filter(answer -> !answer.isNull());
            }
            if (!bells.get(id).tryAcquire(settings.heartbeat().toMillis(), TimeUnit.MILLISECONDS)) {
                exchange.beat();
            }
        }
        return Optional.empty();
    }

    private static final String TAKE =
            "delete from mcp_answer where id = :id returning coalesce(answer, 'null'::jsonb)";

    private Optional<JsonNode> take(String id) {
        return jdbc.sql(TAKE).param("id", id).query(String.class).optional().map(json::readTree);
    }

    private static final String KEEP = """
            with old as (delete from mcp_answer where at < now() - interval '1 day'),
                 kept as (insert into mcp_answer (id, answer) values (:id, :answer::jsonb) on conflict do nothing
                     returning id)
            select pg_notify('mcp_client_event', 'answer ' || id) from kept
            """;

    /// Keeps an answer for the node that asked.
    ///
    /// @return whether it answers a request of ours
    public boolean keep(String id, @Nullable JsonNode answer) {
        if (seals.opened(PURPOSE, id).isEmpty()) {
            return false;
        }
        jdbc.sql(KEEP).param("id", id).param("answer", answer == null ? null : json.writeValueAsString(answer)).query()
                .listOfRows();
        return true;
    }

    @Override
    public void mcpClientEvent(String what) {
        if (what.startsWith("answer ")) {
            Optional.ofNullable(bells.get(what.substring(7))).ifPresent(Semaphore::release);
        }
    }

    /// The node stops: nobody here waits any longer.
    @EventListener(ContextClosedEvent.class)
    void stop() {
        stopped = true;
        missed();
    }

    @Override
    public void missed() {
        bells.values().forEach(Semaphore::release);
    }
}
