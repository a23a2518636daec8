package dev.longhaul.mcp.rpc;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/// Writes heartbeats on the streams of long calls, and detects disconnected clients. One timer for all; each heartbeat
/// is written on a thread of its own.
@Component
public class CallKeepAlive implements DisposableBean {

    private final McpSettings settings;
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1,
            Thread.ofPlatform().daemon().name("mcp heartbeat").factory());

    CallKeepAlive(McpSettings settings) {
        this.settings = settings;
        timer.setRemoveOnCancelPolicy(true);
    }

    /// Ends the heartbeats.
    public interface KeepAlive extends AutoCloseable {
        @Override
        void close();
    }

    public KeepAlive keep(McpExchange exchange) {
        if (!exchange.canStream()) {
            return () -> { };
        }
        var millis = settings.heartbeat().toMillis();
        var heartbeats = timer.scheduleAtFixedRate(() -> Thread.ofVirtual().name("mcp heartbeat")
                .start(() -> beat(exchange)), millis, millis, TimeUnit.MILLISECONDS);
        return () -> heartbeats.cancel(false);
    }

    private static void beat(McpExchange exchange) {
        try {
            exchange.beat();
        } catch (ClientDisconnected gone) {
            // the waiting call has been notified
        }
    }

    @Override
    public void destroy() {
        timer.shutdownNow();
    }
}
