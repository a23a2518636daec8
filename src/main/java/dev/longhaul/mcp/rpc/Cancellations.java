package dev.longhaul.mcp.rpc;

import dev.longhaul.live.NotificationHandler;
import dev.longhaul.live.NotificationListener;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/// Calls in flight that a client of a handshake revision may cancel by a notification, which may meet another node than
/// the call did.
@Component
public class Cancellations implements NotificationHandler {

    private final JdbcClient jdbc;
    private final Map<String, Runnable> inFlight = new ConcurrentHashMap<>();

    Cancellations(JdbcClient jdbc, NotificationListener listener) {
        this.jdbc = jdbc;
        listener.add(this);
    }

    /// Ends the registration.
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    /// @param cancel runs on a thread of its own, at most once
    public Registration register(ClientProfile client, JsonNode requestId, Runnable cancel) {
        if (client.session() == null) {
            return () -> { };   // nobody could name it
        }
        var key = key(client.session(), requestId);
        inFlight.put(key, cancel);
        return () -> inFlight.remove(key, cancel);
    }

    private static String key(Session session, JsonNode requestId) {
        return session.id() + " " + requestId;
    }

    /// To whichever node has that call.
    public void cancel(Session session, JsonNode requestId) {
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
