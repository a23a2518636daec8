package dev.longhaul.mcp.legacy;

import dev.longhaul.live.NotificationHandler;
import dev.longhaul.live.NotificationListener;
import dev.longhaul.mcp.tools.CallScope;
import dev.longhaul.mcp.tools.SessionCalls;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/// Calls in flight, which a client cancels by a notification to any node.
@Component
class Cancellations implements NotificationHandler {

    private final JdbcClient jdbc;
    private final Map<String, Runnable> inFlight = new ConcurrentHashMap<>();

    Cancellations(JdbcClient jdbc, NotificationListener listener) {
        this.jdbc = jdbc;
        listener.add(this);
    }

    /// @param cancel runs on a thread of its own, at most once
    SessionCalls.Registration register(CallScope scope, Runnable cancel) {
        if (!(scope.client().session() instanceof Session session)) {
            return () -> { };   // the client could not name the call
        }
        var key = key(session, scope.request().id());
        inFlight.put(key, cancel);
        return () -> inFlight.remove(key, cancel);
    }

    private static String key(Session session, JsonNode requestId) {
        return session.id() + " " + requestId;
    }

    /// Notifies the node that has the call.
    void cancel(Session session, JsonNode requestId) {
        jdbc.sql("select pg_notify('mcp_client_event', :what)").param("what", "cancel " + key(session, requestId)).query()
                .listOfRows();
    }

    @Override
    public void mcpClientEvent(String what) {
        if (what.startsWith("cancel ")) {
            var cancel = inFlight.remove(what.substring(7));
            if (cancel != null) {
                Thread.ofVirtual().start(cancel);
            }
        }
    }
}
