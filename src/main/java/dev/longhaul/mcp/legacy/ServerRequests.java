package dev.longhaul.mcp.legacy;

import dev.longhaul.live.NotificationHandler;
import dev.longhaul.live.NotificationListener;
import dev.longhaul.mcp.rpc.ClientProfile;
import dev.longhaul.mcp.rpc.McpExchange;
import dev.longhaul.mcp.rpc.McpSettings;
import dev.longhaul.mcp.rpc.ProtocolRevision;
import dev.longhaul.mcp.rpc.StateSigner;
import dev.longhaul.store.DatabaseOutage;
import dev.longhaul.tool.InputRequired;
import java.util.HashMap;
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

/// Sends requests to clients. A request goes out on the stream of a call at this node. Its answer is a POST to any
/// node, so it is stored as a row, and NOTIFY wakes the waiting call.
@Component
class ServerRequests implements NotificationHandler {

    private static final String PURPOSE = "ask";

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final StateSigner seals;
    private final McpSettings settings;
    private final Map<String, Semaphore> waiting = new ConcurrentHashMap<>();
    private volatile boolean stopped;

    ServerRequests(JdbcClient jdbc, JsonMapper json, StateSigner seals, McpSettings settings,
            NotificationListener listener) {
        this.jdbc = jdbc;
        this.json = json;
        this.seals = seals;
        this.settings = settings;
        listener.add(this);
    }

    /// Sends the requests one after the other, and waits for the answers.
    ///
    /// @return by key; empty: the client could not answer, or not in time
    Optional<Map<String, JsonNode>> ask(InputRequired required, ClientProfile client, McpExchange exchange)
            throws InterruptedException {
        var answers = new HashMap<String, JsonNode>();
        for (var request : required.requests()) {
            var answer = ask(exchange, request.method(), dated(request.params(), client));
            if (answer.isEmpty()) {
                return Optional.empty();
            }
            answers.put(request.key(), answer.get());
        }
        return Optional.of(answers);
    }

    /// Before 2025-11-25 forms had no `mode`.
    static ObjectNode dated(ObjectNode params, ClientProfile client) {
        var copy = params.deepCopy();
        if (!client.speaks(ProtocolRevision.V2025_11_25)) {
            copy.remove("mode");
        }
        return copy;
    }

    private Optional<JsonNode> ask(McpExchange exchange, String method, ObjectNode params) throws InterruptedException {
        var id = seals.sealed(PURPOSE, UUID.randomUUID().toString());
        waiting.put(id, new Semaphore(0));
        try {
            exchange.send(request(id, method, params));
            return await(id, exchange);
        } finally {
            waiting.remove(id);
        }
    }

    ObjectNode request(String id, String method, ObjectNode params) {
        var request = json.createObjectNode().put("jsonrpc", "2.0").put("id", id).put("method", method);
        request.set("params", params);
        return request;
    }

    private Optional<JsonNode> await(String id, McpExchange exchange) throws InterruptedException {
        var until = System.nanoTime() + settings.elicitationTimeout().toNanos();
        while (System.nanoTime() < until && !stopped) {
            var said = take(id);
            if (said.isPresent()) {
                return said.filter(answer -> !answer.isNull());
            }
            if (!waiting.get(id).tryAcquire(settings.heartbeat().toMillis(), TimeUnit.MILLISECONDS)) {
                exchange.beat();
            }
        }
        return Optional.empty();
    }

    private static final String TAKE =
            "delete from mcp_answer where id = :id returning coalesce(answer, 'null'::jsonb)";

    /// Empty also during an outage of the database: the call looks again with its next heartbeat.
    private Optional<JsonNode> take(String id) {
        try {
            return jdbc.sql(TAKE).param("id", id).query(String.class).optional().map(json::readTree);
        } catch (RuntimeException failed) {
            if (!DatabaseOutage.isCauseOf(failed)) {
                throw failed;
            }
            return Optional.empty();
        }
    }

    private static final String KEEP = """
            with kept as (insert into mcp_answer (id, answer) values (:id, :answer::jsonb) on conflict do nothing
                     returning id)
            select pg_notify('mcp_client_event', 'answer ' || id) from kept
            """;

    /// Stores an answer for the node that sent the request.
    ///
    /// @return whether it answers a request of this service
    boolean keep(String id, @Nullable JsonNode answer) {
        if (seals.opened(PURPOSE, id).isEmpty()) {
            return false;
        }
        jdbc.sql(KEEP).param("id", id).param("answer", answer == null ? null : json.writeValueAsString(answer)).query()
                .listOfRows();
        return true;
    }

    private static final String PURGE = "delete from mcp_answer where at < now() - interval '1 day'";

    /// Deletes answers that no call has taken.
    void purge() {
        jdbc.sql(PURGE).update();
    }

    @Override
    public void mcpClientEvent(String what) {
        if (what.startsWith("answer ")) {
            Optional.ofNullable(waiting.get(what.substring(7))).ifPresent(Semaphore::release);
        }
    }

    /// The node stops: no call waits any longer.
    @EventListener(ContextClosedEvent.class)
    void stop() {
        stopped = true;
        missed();
    }

    @Override
    public void missed() {
        waiting.values().forEach(Semaphore::release);
    }
}
